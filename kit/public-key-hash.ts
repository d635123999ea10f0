import { createHash, X509Certificate } from "node:crypto";

/**
 * "sha256:" and the hex digest of a certificate's public key (DER of SubjectPublicKeyInfo): the form of kubeadm's
 * --discovery-token-ca-cert-hash. It stays the same when the certificate is renewed with the same key.
 */
export function publicKeyHash(certificatePem: string): string {
  const { publicKey } = new X509Certificate(certificatePem);
  const der = publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}
