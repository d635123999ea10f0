import { ServerCredentials } from "@grpc/grpc-js";

export interface GatewayTls {
  /** PEM. Only certificates of this ca are let in. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Mutual TLS whose certificate can be replaced while the server runs: for connections from then on. */
export class GatewayCredentials extends ServerCredentials {
  constructor(tls: GatewayTls) {
    super({ requestCert: true, rejectUnauthorized: true }, tls);
  }

  replace(tls: GatewayTls): void {
    this.updateSecureContextOptions({ ...tls });
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}
