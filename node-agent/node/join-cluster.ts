import { clusterCa, type Trust } from "#node-agent/node/cluster-ca";
import { httpsRequest } from "#node-agent/node/https-request";
import { answerError, JoinError, refusal } from "#node-agent/node/join-error";
import { makeNodeKeys, type NodeKeys } from "#node-agent/node/node-keys";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";

export interface JoinRequest {
  /** "https://192.0.2.10:6443"; of several servers, with commas between, one after the other is asked. */
  readonly serverUrl: string;
  readonly trust: Trust;
  /** ID.SECRET */
  readonly token: string;
  readonly nodeName: string;
  /** By which the server knows a machine that comes back without its credentials. */
  readonly machine: { readonly machineId: string; readonly bootId: string };
}

export interface Joined {
  readonly nodeName: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
  readonly gatewayPort: number;
}

const RETRY: BackoffPolicy = { initialMs: 250, factor: 2, maxMs: 5_000, jitter: 0.2 };
/** The same reason is said again after so long. */
const REPEAT_LOG_MS = 60_000;

/**
 * Joins, however long it takes the server to come up; a refusal that no waiting mends is thrown (JoinError). A node's
 * name that is about to be free is waited for once: if it is then refused again, its owner lives.
 */
export async function joinPatiently(
  request: JoinRequest,
  { clock, log, signal }: { clock: Clock; log: Log; signal?: AbortSignal },
): Promise<Joined> {
  const keys = await makeNodeKeys(request.nodeName);
  const servers = serversIn(request.serverUrl);
  let hasWaitedForName = false;
  let said = { sentence: "", atMs: 0 };
  for (let attempt = 0; ; attempt++) {
    try {
      const serverUrl = servers[attempt % servers.length] ?? request.serverUrl;
      return await joinOnce({ ...request, serverUrl }, keys, clock.now());
    } catch (error) {
      const isFinal = !(error instanceof JoinError) || !error.isPassing || signal?.aborted;
      if (isFinal || (error.isNameHeld && hasWaitedForName)) throw error;
      const now = clock.now();
      if (error.message !== said.sentence || now - said.atMs >= REPEAT_LOG_MS) {
        said = { sentence: error.message, atMs: now };
        log.warn("cannot join the cluster yet; trying again", { error });
      }
      hasWaitedForName ||= error.isNameHeld;
      await sleep(clock, error.retryAfterMs ?? backoffDelayMs(RETRY, attempt), signal);
      if (signal?.aborted) throw error;
    }
  }
}

export function serversIn(serverUrl: string): string[] {
  return serverUrl.split(",");
}

async function joinOnce(request: JoinRequest, keys: NodeKeys, nowMs: number): Promise<Joined> {
  const { serverUrl, trust, token, nodeName, machine } = request;
  const ca = await clusterCa(serverUrl, trust, nowMs);
  const url = new URL("/kaji/v1/join", serverUrl);
  const body = { nodeName, csrPem: keys.csrPem, ...machine };
  const { status, text } = await httpsRequest(url, { method: "POST", ca, token, body, nowMs });
  const answer = parsed(text);
  if (status !== 200) throw answerError(url.origin, status, answer);
  const { certificatePem, caPem, gatewayPort } = (answer ?? {}) as Partial<Joined>;
  if (!certificatePem || !caPem || !gatewayPort) {
    throw refusal(`${url.origin} gave an answer without a certificate: is it a Kaji server?`);
  }
  return { nodeName, keyPem: keys.keyPem, certificatePem, caPem, gatewayPort };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // not ours: the status says enough
  }
}
