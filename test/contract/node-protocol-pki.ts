import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A certificate authority for one test, in memory. */
export interface TestPki {
  readonly ca: string;
  issue(subject: string, hosts?: readonly string[]): Promise<{ cert: string; key: string }>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

export async function createTestPki(): Promise<TestPki> {
  x509.cryptoProvider.set(globalThis.crypto);
  const validity = {
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
  };
  const caKeys = await globalThis.crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test-ca",
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
    ...validity,
  });
  let serial = 1;
  return {
    ca: ca.toString("pem"),
    async issue(subject, hosts = ["127.0.0.1"]) {
      const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const names = hosts.map((value) => ({ type: "ip" as const, value }));
      const cert = await x509.X509CertificateGenerator.create({
        serialNumber: (++serial).toString(16).padStart(4, "0"),
        subject,
        issuer: ca.subject,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [new x509.SubjectAlternativeNameExtension(names)],
        ...validity,
      });
      const key = await globalThis.crypto.subtle.exportKey("pkcs8", keys.privateKey);
      return { cert: cert.toString("pem"), key: x509.PemConverter.encode(key, "PRIVATE KEY") };
    },
  };
}
