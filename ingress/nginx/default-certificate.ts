import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const YEARS_MS = 10 * 365 * 86_400_000;

/** The self-signed certificate for hosts that bring none: made once, kept in nginx's run folder. */
export async function ensureDefaultCertificate(runDir: string): Promise<void> {
  const certificateFile = join(runDir, "default.crt");
  const keyFile = join(runDir, "default.key");
  if (existsSync(certificateFile) && existsSync(keyFile)) return;
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Kaji Ingress Default Certificate",
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + YEARS_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "ingress.kaji.local" }]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString(
    "base64",
  );
  const pem = `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PRIVATE KEY-----\n`;
  writeFileSync(keyFile, pem, { mode: 0o600 });
  writeFileSync(certificateFile, certificate.toString("pem"), { mode: 0o644 });
}
