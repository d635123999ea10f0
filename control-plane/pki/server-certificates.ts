import type { KeyAndCertificate } from "#control-plane/pki/certificates";
import { ensurePki, type Pki, type PkiOptions, signNodeCsr } from "#control-plane/pki/pki";
import { keepPkiCurrent } from "#control-plane/pki/renewal";
import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/** PEM. */
export interface Tls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface ServerCertificatesOptions extends Omit<PkiOptions, "nowMs"> {
  readonly locations: Locations;
  /** How long the certificates that nodes get are good; a year by default. */
  readonly nodeValidMs?: number | undefined;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

/** Owns the certificates that this server shows and gives: always the newest. */
export class ServerCertificates {
  private readonly options: ServerCertificatesOptions;
  private pki: Pki;

  static async open(options: ServerCertificatesOptions): Promise<ServerCertificates> {
    return new ServerCertificates(options, await ensure(options));
  }

  private constructor(options: ServerCertificatesOptions, pki: Pki) {
    this.options = options;
    this.pki = pki;
  }

  get current(): Pki {
    return this.pki;
  }

  serverTls(): Tls {
    return this.tlsOf(this.pki.server);
  }

  /** As which this server speaks to the gateways of others. */
  peerTls(): Tls {
    return this.tlsOf(this.pki.peer);
  }

  signNodeCsr(nodeName: string, csrPem: string): Promise<string> {
    const { clock, nodeValidMs } = this.options;
    return signNodeCsr(this.pki.authority, nodeName, csrPem, clock.now(), nodeValidMs);
  }

  /** Renews them in time, until the signal aborts. */
  keepCurrent(signal: AbortSignal, onRenewed: () => Promise<void>): Promise<void> {
    return keepPkiCurrent(this.pki, {
      ...this.options,
      signal,
      ensure: () => ensure(this.options),
      onRenewed: async (renewed) => {
        this.pki = renewed;
        await onRenewed();
      },
    });
  }

  private tlsOf({ certificatePem, keyPem }: KeyAndCertificate): Tls {
    return { ca: this.pki.caPem, cert: certificatePem, key: keyPem };
  }
}

function ensure({ locations, clock, ...wanted }: ServerCertificatesOptions): Promise<Pki> {
  return ensurePki(locations, { ...wanted, nowMs: clock.now() });
}
