import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate authority for one test, with a server certificate for 127.0.0.1 and client certificates. */
export async function testAuthority(): Promise<{
  ca: string;
  server: Pem;
  clientFor(subject: string): Promise<Pem>;
}> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await newKeys();
  const dates = {
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test authority",
    keys,
    signingAlgorithm: ALGORITHM,
    ...dates,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  let serial = 1;
  const issue = async (subject: string): Promise<Pem> => {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: String(++serial).padStart(2, "0"),
      subject,
      issuer: authority.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...dates,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: "ip", value: "127.0.0.1" },
          { type: "dns", value: "localhost" },
        ]),
      ],
    });
    const key = KeyObject.from(own.privateKey as webcrypto.CryptoKey);
    return {
      cert: certificate.toString("pem"),
      key: String(key.export({ type: "pkcs8", format: "pem" })),
    };
  };
  return { ca: authority.toString("pem"), server: await issue("CN=server"), clientFor: issue };
}

/** The certificate of one host, signed by itself. */
export async function selfSigned(host: string): Promise<Pem> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
  });
  const key = KeyObject.from(keys.privateKey as webcrypto.CryptoKey);
  return {
    cert: certificate.toString("pem"),
    key: String(key.export({ type: "pkcs8", format: "pem" })),
  };
}

async function newKeys() {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
}
