import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Secret } from "#api/schema/types";

/** A host's certificate chain and key, for the TLS handshake. */
export interface Certificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface ReadCertificate {
  readonly certificate?: Certificate;
  /** The rest of a sentence about the Secret. */
  readonly problem?: string;
  /** Whether the certificate names the host. */
  readonly covers: (host: string) => boolean;
}

const MAX_CHARS = 65_536;

const known = new WeakMap<Secret, ReadCertificate>();

/** Objects of the cluster are frozen: each is read once. */
export function certificateOf(secret: Secret): ReadCertificate {
  let read = known.get(secret);
  if (!read) known.set(secret, (read = readCertificate(secret)));
  return read;
}

function readCertificate({ data }: Secret): ReadCertificate {
  const covers = (): boolean => true;
  const certificatePem = textOf(data?.["tls.crt"]);
  const keyPem = textOf(data?.["tls.key"]);
  if (!certificatePem || !keyPem) return { problem: "has no tls.crt and tls.key", covers };
  // All hosts share the room that nginx has for them.
  if (certificatePem.length + keyPem.length > MAX_CHARS) {
    return { problem: `has more than ${MAX_CHARS} bytes of certificates`, covers };
  }
  try {
    const leaf = new X509Certificate(certificatePem);
    if (!leaf.checkPrivateKey(createPrivateKey(keyPem))) {
      return { problem: "has a tls.key that does not belong to its tls.crt", covers };
    }
    const certificate = { certificatePem, keyPem };
    return { certificate, covers: (host) => covered(leaf, host) };
  } catch (error) {
    const reason = (error as Error).message;
    return { problem: `has a tls.crt or tls.key that cannot be read (${reason})`, covers };
  }
}

function covered(leaf: X509Certificate, host: string): boolean {
  // A wildcard host is one label below what is asked.
  return leaf.checkHost(host.replace(/^\*\./, "any-label."), { subject: "default" }) !== undefined;
}

function textOf(base64: string | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}
