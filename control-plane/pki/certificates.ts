import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/**
 * Making certificates: ECDSA P-256 everywhere, serial numbers at random. Pure of files; files.ts keeps them.
 */

export interface KeyAndCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface LeafRequest {
  readonly subject: Subject;
  readonly purpose: "client" | "server";
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  readonly validMs: number;
  readonly nowMs: number;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** Certificates begin a little in the past, for nodes whose clocks run behind. */
const CLOCK_SKEW_MS = 10 * 60_000;
/** But not by more than this share of their life, which says when they are renewed. */
const MAX_SKEW_SHARE = 0.1;
export const YEAR_MS = 365 * 24 * 3_600_000;
const CA_YEARS = 10;
const PURPOSES = {
  client: x509.ExtendedKeyUsage.clientAuth,
  server: x509.ExtendedKeyUsage.serverAuth,
} as const;

export async function createAuthority(
  commonName: string,
  nowMs: number,
): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: nameOf({ commonName }),
    notBefore: new Date(nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(nowMs + CA_YEARS * YEAR_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign |
          x509.KeyUsageFlags.cRLSign |
          x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keyPem: await exportKey(keys.privateKey), certificatePem: certificate.toString("pem") };
}

export async function issueCertificate(
  authority: KeyAndCertificate,
  request: LeafRequest,
): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const certificatePem = await sign(authority, request, keys.publicKey);
  return { keyPem: await exportKey(keys.privateKey), certificatePem };
}

/** Signs the key of a certificate signing request; its subject is ours to say. Throws for a false CSR. */
export async function signRequest(
  authority: KeyAndCertificate,
  csrPem: string,
  request: LeafRequest,
): Promise<string> {
  const csr = new x509.Pkcs10CertificateRequest(csrPem);
  if (!(await csr.verify())) throw new Error("the signature of the signing request is not valid");
  return sign(authority, request, await csr.publicKey.export());
}

export async function generateKeyPem(): Promise<string> {
  return exportKey((await generateKeys()).privateKey);
}

async function sign(
  authority: KeyAndCertificate,
  request: LeafRequest,
  publicKey: webcrypto.CryptoKey,
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificatePem);
  const { subject, purpose, hosts = [], addresses = [], nowMs, validMs } = request;
  const names = [
    ...hosts.map((value) => ({ type: "dns" as const, value })),
    ...addresses.map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: nameOf(subject),
    issuer: issuer.subjectName,
    notBefore: new Date(nowMs - Math.min(CLOCK_SKEW_MS, validMs * MAX_SKEW_SHARE)),
    notAfter: new Date(Math.min(nowMs + validMs, issuer.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: await importKey(authority.keyPem),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([PURPOSES[purpose]]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return certificate.toString("pem");
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

function nameOf({ commonName, organizations = [] }: Subject): x509.JsonName {
  return [...organizations.map((one) => ({ O: [one] })), { CN: [commonName] }];
}

/** 16 random bytes, positive. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes[0] as number) & 0x7f;
  return bytes.toString("hex");
}
