import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Cancel, Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import type { NodeCredentials } from "#node-agent/node/credentials";
import { makeNodeKeys, type NodeKeys } from "#node-agent/node/node-keys";

export interface CertificateRenewalOptions {
  readonly credentials: NodeCredentials;
  /** Keeps them whole or not at all. */
  store(credentials: NodeCredentials): Promise<void>;
  /** Sends a request over the session; lost while there is none. */
  request(csrPem: string): void;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface CertificateRenewal {
  /** For the next connection. */
  current(): NodeCredentials;
  /** A server answers again: what was asked of the last one may be lost. */
  connected(): void;
  received(certificatePem: string, caPem: string): void;
  close(): void;
}

/** Of a certificate's life: the nodes of a rack that joined together do not all renew together. */
const renewAt = 0.8;
const jitter = 0.05;
/** Asked again after this share of what is left, within bounds. */
const retryShare = 0.1;
const minRetryMs = 2_000;
/** A timer cannot be arbitrarily long, and the clock may be set. */
const maxWaitMs = 12 * 3_600_000;

/**
 * Gets this node its next certificate before the present one ends.
 *
 * Invariants: a new key is made for each certificate and leaves the process only to the disk; the present
 * credentials are used until the next are on disk.
 */
export function createCertificateRenewal(options: CertificateRenewalOptions): CertificateRenewal {
  const { clock, log, rng } = options;
  let { credentials } = options;
  let making: Promise<NodeKeys> | undefined;
  /** What was asked for last. */
  let pending: NodeKeys | undefined;
  let cancel: Cancel | undefined;
  let isClosed = false;
  let dueAtMs = renewalTime(credentials, rng);

  const ask = async (): Promise<void> => {
    making ??= makeNodeKeys(credentials.nodeName);
    pending = await making.catch((error: unknown) => {
      making = undefined;
      throw error;
    });
    if (!isClosed) options.request(pending.csrPem);
  };
  const askAndWait = (): void => {
    ask().catch((error: unknown) =>
      log.error("no key could be made for the next certificate", { error: errorChain(error) }),
    );
    const leftMs =
      Date.parse(new X509Certificate(credentials.certificatePem).validTo) - clock.now();
    const waitMs = Math.min(maxWaitMs, Math.max(minRetryMs, leftMs * retryShare));
    cancel = clock.after(waitMs, askAndWait);
  };
  const schedule = (): void => {
    cancel?.();
    if (isClosed) return;
    const waitMs = dueAtMs - clock.now();
    if (waitMs <= 0) askAndWait();
    else cancel = clock.after(Math.min(waitMs, maxWaitMs), schedule);
  };
  const accept = async (next: NodeCredentials): Promise<void> => {
    await options.store(next);
    credentials = next;
    making = pending = undefined;
    dueAtMs = renewalTime(next, rng);
    schedule();
    const { validTo } = new X509Certificate(next.certificatePem);
    log.info("this node has its next certificate", { validTo: new Date(validTo).toISOString() });
  };
  schedule();
  return {
    current: () => credentials,
    connected() {
      if (clock.now() >= dueAtMs) schedule();
    },
    received(certificatePem, caPem) {
      if (!pending) return;
      const { keyPem } = pending;
      const certificate = new X509Certificate(certificatePem);
      const isOurs = certificate.checkPrivateKey(createPrivateKey(keyPem));
      // An answer to an earlier request, whose key is gone.
      if (!isOurs) return;
      accept({ ...credentials, keyPem, certificatePem, caPem }).catch((error: unknown) =>
        log.error("the next certificate could not be stored; it is asked for again", {
          error: errorChain(error),
        }),
      );
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

function renewalTime({ certificatePem }: NodeCredentials, rng: Rng): number {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  const fromMs = Date.parse(validFrom);
  const share = renewAt + jitter * (2 * rng.next() - 1);
  return fromMs + share * (Date.parse(validTo) - fromMs);
}
