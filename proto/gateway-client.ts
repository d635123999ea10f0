import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { Client, type ClientOptions, credentials } from "@grpc/grpc-js";

/** PEM. */
export interface MutualTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A client of the gateway at "10.0.0.2:6444" or "[fd00::2]:6444", which must be what its certificate says. */
export function gatewayClient(
  address: string,
  { ca, cert, key }: MutualTls,
  options: ClientOptions,
): Client {
  const host = address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
  const channelCredentials = credentials.createSsl(
    Buffer.from(ca),
    Buffer.from(key),
    Buffer.from(cert),
    { checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) },
  );
  // An address may not be sent as TLS server name (RFC 6066): the certificate is checked against it all the same.
  const name = isIP(host) ? { "grpc.ssl_target_name_override": "kaji" } : {};
  return new Client(address, channelCredentials, { ...options, ...name });
}
