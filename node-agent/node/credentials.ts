import { X509Certificate } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { isTrusted, type Trust } from "#node-agent/node/cluster-ca";
import { joinPatiently, type JoinRequest } from "#node-agent/node/join-cluster";
import { refusal } from "#node-agent/node/join-error";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

/**
 * Who this node is: its key, its certificate and where its gateway is. Owns <lib>/agent/credentials.json, one
 * file so that key and certificate always fit; readable by root alone.
 */
export interface NodeCredentials {
  readonly nodeName: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
  readonly gatewayPort: number;
  /** Where it joined: an agent that starts again needs to be told nothing. */
  readonly serverUrl: string;
}

export interface JoinOptions {
  /** <lib>/agent */
  readonly directory: string;
  /** undefined: where it joined, else this machine. */
  readonly serverUrl: string | undefined;
  /** undefined: what it trusted when it joined. */
  readonly trust: Trust | undefined;
  readonly joinToken: string | undefined;
  readonly nodeName: string;
  readonly machine: JoinRequest["machine"];
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

const fileName = "credentials.json";
/** A certificate with less than this left is as good as none. */
const marginMs = 60_000;
const LOCAL_SERVER = "https://127.0.0.1:6443";

/** What is stored, if it still serves; otherwise joins with the token and stores what comes of it. */
export async function obtainCredentials(options: JoinOptions): Promise<NodeCredentials> {
  const { directory, nodeName, joinToken, machine, log } = options;
  const stored = await readCredentials(directory, log);
  const serverUrl = options.serverUrl ?? stored?.serverUrl ?? LOCAL_SERVER;
  if (stored && isUsable(stored, options)) return { ...stored, serverUrl };
  if (joinToken === undefined) {
    throw refusal(
      `node ${nodeName} has no valid certificate for this cluster: run \`kaji token create\` on the server and start the agent with the command that it prints`,
    );
  }
  const trust = options.trust ?? (stored ? { caPem: stored.caPem } : undefined);
  if (trust === undefined) {
    throw refusal(
      "this host does not know which cluster to trust: give --ca-cert-hash as `kaji token create` prints it, or --ca-file with a copy of the cluster's CA certificate",
    );
  }
  const joined = await joinPatiently(
    { serverUrl, trust, token: joinToken, nodeName, machine },
    options,
  );
  const credentials = { ...joined, serverUrl };
  await storeCredentials(directory, credentials);
  return credentials;
}

function isUsable(stored: NodeCredentials, { nodeName, trust, clock }: JoinOptions): boolean {
  const certificate = new X509Certificate(stored.certificatePem);
  const isCurrent = Date.parse(certificate.validTo) - marginMs > clock.now();
  const isSigned = certificate.verify(new X509Certificate(stored.caPem).publicKey);
  // A cluster that was made anew has another authority: what the old one signed is worth nothing.
  return stored.nodeName === nodeName && isCurrent && isSigned && isTrusted(stored.caPem, trust);
}

async function readCredentials(directory: string, log: Log): Promise<NodeCredentials | undefined> {
  const path = join(directory, fileName);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as NodeCredentials;
  } catch (error) {
    log.warn("this node's credentials are damaged: it has to join again", { path, error });
    return undefined;
  }
}

export async function storeCredentials(
  directory: string,
  credentials: NodeCredentials,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(credentials));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
