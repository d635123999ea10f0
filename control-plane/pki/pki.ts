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
import type { SharedFiles } from "#control-plane/pki/shared-files";
import type { Locations } from "#kit/locations";

/**
 * The cluster's own certificate authority and what it has signed, under <lib>/pki. Files that exist and are
 * still good are kept; everything else is made again, so that a lost certificate is no lost cluster.
 * Invariant: ca.key is readable by its owner alone, and leaves this machine only sealed with the server token.
 */
export interface Pki {
  readonly caPem: string;
  readonly authority: KeyAndCertificate;
  readonly server: KeyAndCertificate;
  readonly admin: KeyAndCertificate;
  readonly ingress: KeyAndCertificate;
  /** As which this server speaks to the gateways of the others. */
  readonly peer: KeyAndCertificate;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKey: KeyObject;
}

export interface PkiOptions {
  /** Names that clients may reach the API server by. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly nowMs: number;
  /** How long certificates that are made now are good; a year by default. */
  readonly validMs?: number;
}

/** The organization of the certificates that servers show each other. */
export const SERVERS_GROUP = "system:kaji:servers";
const LEAF_VALID_MS = YEAR_MS;
/** A certificate with less of its life left is made anew. */
const RENEW_BELOW = 0.3;

export async function ensurePki(locations: Locations, options: PkiOptions): Promise<Pki> {
  const dir = join(locations.lib, "pki");
  const { nowMs, hosts, addresses } = options;
  const base = { validMs: options.validMs ?? LEAF_VALID_MS, nowMs };
  const authority = await ensureAuthority(dir, nowMs);
  const serviceAccountKeyPem = await ensureKey(join(dir, "service-account.key"));
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
    peer: await leaf("peer", {
      subject: { commonName: "system:kaji:server", organizations: [SERVERS_GROUP] },
      purpose: "client",
    }),
    serviceAccountKey: createPrivateKey(serviceAccountKeyPem),
  };
}

/** The authority and the key of a new cluster, as files. */
export async function makeSharedFiles(nowMs: number): Promise<SharedFiles> {
  const authority = await createAuthority("kaji-ca", nowMs);
  return {
    "ca.crt": authority.certificatePem,
    "ca.key": authority.keyPem,
    "service-account.key": await generateKeyPem(),
  };
}

/** When the first of the certificates is to be made anew. */
export function renewAtMs(pki: Pki): number {
  return Math.min(...[pki.server, pki.admin, pki.ingress, pki.peer].map(dueMs));
}

function dueMs({ certificatePem }: KeyAndCertificate): number {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  const endMs = Date.parse(validTo);
  return endMs - RENEW_BELOW * (endMs - Date.parse(validFrom));
}

/** A certificate for a node's agent: CN system:node:NAME, O system:nodes, whatever the request says. */
export function signNodeCsr(
  authority: KeyAndCertificate,
  nodeName: string,
  csrPem: string,
  nowMs: number,
  validMs = LEAF_VALID_MS,
): Promise<string> {
  return signRequest(authority, csrPem, {
    subject: { commonName: `system:node:${nodeName}`, organizations: ["system:nodes"] },
    purpose: "client",
    validMs,
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
    nowMs < dueMs(pair) &&
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
