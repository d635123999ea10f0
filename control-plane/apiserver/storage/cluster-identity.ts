import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, writeSecretFile } from "#control-plane/pki/files";
import { open, seal } from "#control-plane/pki/sealed-box";
import {
  isOfAnotherCluster,
  readSharedFiles,
  type SharedFiles,
  writeSharedFiles,
} from "#control-plane/pki/shared-files";
import type { Store } from "#control-plane/store/store";

/**
 * What makes several servers one cluster: the authority and the key of the service accounts, in the store, sealed
 * with the server token. It lies outside every prefix that the API serves.
 *
 * Invariants:
 * - The record is written once, by compare-and-swap: of servers that start at once on an empty store one makes it.
 * - The token is on this machine's disk before the record is in the store: no crash leaves a cluster that nobody
 *   can open.
 */
export interface IdentityOptions {
  readonly store: Store;
  /** How the store is called in messages. */
  readonly storeUrl: string;
  /** <lib> */
  readonly directory: string;
  /** Given by the user; otherwise <lib>/server-token, which the cluster's first server writes. */
  readonly token?: string | undefined;
  /** For a cluster that does not exist yet: files under <lib>/pki. */
  make(): Promise<SharedFiles>;
}

const RECORD_KEY = "/kaji/cluster-identity";
export const SERVER_TOKEN_FILE = "server-token";
const TOKEN_BYTES = 24;
const MIN_TOKEN_LENGTH = 16;

/** Afterwards <lib>/pki has what the other servers have. Throws a sentence when the token is missing or wrong. */
export async function agreeOnIdentity(options: IdentityOptions): Promise<void> {
  const { store, directory } = options;
  const token = options.token ?? (await readIfThere(tokenPath(directory)))?.trim();
  if (token !== undefined && token.length < MIN_TOKEN_LENGTH) {
    throw new Error(
      `the server token is too short: it has at least ${MIN_TOKEN_LENGTH} characters`,
    );
  }
  const { keyValue } = await store.get(RECORD_KEY);
  const record = keyValue?.value ?? (await found(options, token));
  if (record) await adopt(options, token, record);
}

/** Makes the cluster. Gives the record of another server that was faster. */
async function found(
  options: IdentityOptions,
  given: string | undefined,
): Promise<Uint8Array | undefined> {
  const { store, directory } = options;
  const pkiDirectory = join(directory, "pki");
  const token = given ?? randomBytes(TOKEN_BYTES).toString("base64url");
  const files = (await readSharedFiles(pkiDirectory)) ?? (await options.make());
  const value = await seal(JSON.stringify(files), token);
  await writeToken(directory, token);
  const { succeeded, results } = await store.txn({
    compare: [{ key: RECORD_KEY, modRevision: 0 }],
    then: [{ type: "put", key: RECORD_KEY, value }],
    otherwise: [{ type: "get", key: RECORD_KEY }],
  });
  if (succeeded) {
    await writeSharedFiles(pkiDirectory, files);
    return undefined;
  }
  if (given === undefined) await rm(tokenPath(directory), { force: true });
  return results[0]?.value;
}

async function adopt(
  options: IdentityOptions,
  token: string | undefined,
  record: Uint8Array,
): Promise<void> {
  const { directory, storeUrl } = options;
  if (token === undefined) {
    throw new Error(
      `the store ${storeUrl} already holds a cluster, and this server has no token for it: give it with --server-token-file (a server of that cluster keeps it in ${tokenPath(directory)})`,
    );
  }
  const text = await open(record, token);
  if (text === undefined) {
    throw new Error(
      `the server token is not that of the cluster in ${storeUrl}: copy the file ${SERVER_TOKEN_FILE} from the state directory of one of its servers`,
    );
  }
  const files = JSON.parse(text) as SharedFiles;
  const pkiDirectory = join(directory, "pki");
  if (await isOfAnotherCluster(pkiDirectory, files)) {
    throw new Error(
      `${pkiDirectory} holds the authority of another cluster than the one in ${storeUrl}: start this server with another --root-dir, or move that directory away`,
    );
  }
  await writeSharedFiles(pkiDirectory, files);
  await writeToken(directory, token);
}

function tokenPath(directory: string): string {
  return join(directory, SERVER_TOKEN_FILE);
}

function writeToken(directory: string, token: string): Promise<void> {
  return writeSecretFile(tokenPath(directory), `${token}\n`);
}
