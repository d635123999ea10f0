import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { join } from "node:path";
import {
  createAuthority,
  generateKeyPem,
  issueCertificate,
  type KeyAndCertificate,
  type LeafRequest,
  signRequest,
  YEAR_MS,
} from "#control-plane/pki/certificates";
import { readIfThere, writeSecretFile } from "#control-plane/pki/files";
import type { Locations } from "#kit/locations";

/**
 * The cluster's own certificate authority and what it has signed, under <lib>/pki. Files that exist and are
 * still good are kept; everything else is made again, so that a lost certificate is no lost cluster.
 * Invariant: ca.key never leaves this machine and is readable by its owner alone.
 */
export interface Pki {
  readonly caPem: string;
  readonly authority: KeyAndCertificate;
  readonly server: KeyAndCertificate;
  readonly admin: KeyAndCertificate;
  readonly ingress: KeyAndCertificate;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKey: KeyObject;
}

export interface PkiOptions {
  /** Names that clients may reach the API server by. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly nowMs: number;
}

const LEAF_VALID_MS = YEAR_MS;
const RENEW_BEFORE_MS = 90 * 24 * 3_600_000;

export async function ensurePki(locations: Locations, options: PkiOptions): Promise<Pki> {
  const dir = join(locations.lib, "pki");
  const { nowMs, hosts, addresses } = options;
  const base = { validMs: LEAF_VALID_MS, nowMs };
  const authority = await ensureAuthority(dir, nowMs);
  const leaf = (name: string, request: Omit<LeafRequest, "validMs" | "nowMs">) =>
    ensureLeaf(dir, name, authority, { ...request, ...base });
  return {
    caPem: authority.certificatePem,
    authority,
    server: await leaf("apiserver", {
      subject: { commonName: "kube-apiserver" },
      purpose: "server",
      hosts,
      addresses,
    }),
    admin: await leaf("admin", {
      subject: { commonName: "kaji-admin", organizations: ["system:masters"] },
      purpose: "client",
    }),
    ingress: await leaf("ingress", {
      subject: { commonName: "system:kaji:ingress", organizations: ["system:kaji:ingress"] },
      purpose: "client",
    }),
    serviceAccountKey: createPrivateKey(await ensureKey(join(dir, "service-account.key"))),
  };
}

/** A certificate for a node's agent: CN system:node:NAME, O system:nodes, whatever the request says. */
export function signNodeCsr(
  authority: KeyAndCertificate,
  nodeName: string,
  csrPem: string,
  nowMs: number,
): Promise<string> {
  return signRequest(authority, csrPem, {
    subject: { commonName: `system:node:${nodeName}`, organizations: ["system:nodes"] },
    purpose: "client",
    validMs: LEAF_VALID_MS,
    nowMs,
  });
}

async function ensureAuthority(dir: string, nowMs: number): Promise<KeyAndCertificate> {
  const known = await readPair(dir, "ca");
  if (known) return known;
  const made = await createAuthority("kaji-ca", nowMs);
  await writePair(dir, "ca", made);
  return made;
}

async function ensureLeaf(
  dir: string,
  name: string,
  authority: KeyAndCertificate,
  request: LeafRequest,
): Promise<KeyAndCertificate> {
  const known = await readPair(dir, name);
  if (known && isGood(known, authority, request)) return known;
  const made = await issueCertificate(authority, request);
  await writePair(dir, name, made);
  return made;
}

/** Signed by our CA, not near its end, and for every name that is wanted. */
export function isGood(
  pair: KeyAndCertificate,
  authority: KeyAndCertificate,
  request: Pick<LeafRequest, "hosts" | "addresses" | "nowMs">,
): boolean {
  const certificate = new X509Certificate(pair.certificatePem);
  const { hosts = [], addresses = [], nowMs } = request;
  return (
    certificate.verify(new X509Certificate(authority.certificatePem).publicKey) &&
    certificate.checkPrivateKey(createPrivateKey(pair.keyPem)) &&
    Date.parse(certificate.validTo) - nowMs > RENEW_BEFORE_MS &&
    hosts.every((host) => certificate.checkHost(host) !== undefined) &&
    addresses.every((address) => certificate.checkIP(address) !== undefined)
  );
}

async function readPair(dir: string, name: string): Promise<KeyAndCertificate | undefined> {
  const keyPem = await readIfThere(join(dir, `${name}.key`));
  const certificatePem = await readIfThere(join(dir, `${name}.crt`));
  return keyPem && certificatePem ? { keyPem, certificatePem } : undefined;
}

async function writePair(dir: string, name: string, pair: KeyAndCertificate): Promise<void> {
  await writeSecretFile(join(dir, `${name}.key`), pair.keyPem);
  await writeSecretFile(join(dir, `${name}.crt`), pair.certificatePem, 0o644);
}

async function ensureKey(path: string): Promise<string> {
  const known = await readIfThere(path);
  if (known) return known;
  const made = await generateKeyPem();
  await writeSecretFile(path, made);
  return made;
}
