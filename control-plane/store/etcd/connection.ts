import { readFile } from "node:fs/promises";
import { ChannelCredentials, type ClientDuplexStream, credentials, status } from "@grpc/grpc-js";
import { Endpoint } from "#control-plane/store/etcd/endpoint";
import {
  codeOf,
  detailsOf,
  EtcdUnavailableError,
  UnknownOutcomeError,
  verdictOf,
} from "#control-plane/store/etcd/etcd-errors";
import type { EtcdAddress, TlsFiles } from "#control-plane/store/etcd/etcd-url";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { sleep, systemClock } from "#kit/clock";
import type { Log } from "#kit/log";
import { systemRng } from "#kit/rng";
import type { Method } from "#proto/etcd";

/**
 * One attempt of a write; a slow disk needs its time. etcd itself gives up after 7 s, long after a new leader
 * could answer.
 */
const ATTEMPT_TIMEOUT_MS = 3_000;
/** A read may be asked of the next member at no cost. */
export const READ_TIMEOUT_MS = 1_500;
export const LIST_TIMEOUT_MS = 15_000;
/** How long a call goes from member to member before it fails. An election takes 1 to 2 s. */
const CALL_BUDGET_MS = 8_000;
export const RETRY_BACKOFF: BackoffPolicy = {
  initialMs: 50,
  factor: 2,
  maxMs: 500,
  jitter: 0.2,
};

export interface CallOptions {
  /** Whether the call may be sent again although it may have been done: reads and what is idempotent. */
  readonly isRepeatable: boolean;
  readonly timeoutMs?: number;
}

/**
 * The cluster as one peer. Owns the endpoints and which of them is in use: all calls and watches go to one
 * member until it fails, then all move to the next.
 *
 * Invariants:
 * - Every attempt has a deadline and every call a budget.
 * - A call that is not repeatable is sent again only when it has surely not been proposed to the cluster.
 */
export class EtcdConnection {
  private readonly endpoints: readonly Endpoint[];
  private readonly log: Log;
  private inUse = 0;
  private isClosed = false;

  constructor(addresses: readonly string[], channel: ChannelCredentials, log: Log) {
    this.endpoints = addresses.map((address) => new Endpoint(address, channel));
    this.log = log;
  }

  async call<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { isRepeatable, timeoutMs = ATTEMPT_TIMEOUT_MS }: CallOptions,
  ): Promise<Response> {
    return this.onSomeEndpoint(method.path, isRepeatable, (endpoint) =>
      endpoint.unary(method, request, timeoutMs),
    );
  }

  /** Sends one message on a stream of its own and gives the first answer that is wanted. */
  async exchange<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    isWanted: (response: Response) => boolean = () => true,
  ): Promise<Response> {
    return this.onSomeEndpoint(method.path, true, async (endpoint) => {
      const stream = await endpoint.stream(method, ATTEMPT_TIMEOUT_MS);
      try {
        return await new Promise<Response>((resolve, reject) => {
          stream.on("data", (response: Response) => {
            if (isWanted(response)) resolve(response);
          });
          stream.on("error", reject);
          stream.on("end", () => reject(new Error(`${method.path} ended without an answer`)));
          stream.write(request);
        });
      } finally {
        stream.on("error", () => undefined); // our own cancellation
        stream.cancel();
      }
    });
  }

  /** A stream to the member in use; it ends with an error when that member is left. */
  async open<Request, Response>(
    method: Method<Request, Response>,
  ): Promise<ClientDuplexStream<Request, Response>> {
    this.checkOpen();
    const endpoint = this.current();
    try {
      const stream = await endpoint.stream(method);
      stream.on("error", (error) => {
        if (codeOf(error) !== status.CANCELLED) this.leave(endpoint, error);
      });
      return stream;
    } catch (error) {
      this.leave(endpoint, error);
      throw error;
    }
  }

  close(): void {
    this.isClosed = true;
    for (const endpoint of this.endpoints) endpoint.close();
  }

  private async onSomeEndpoint<Response>(
    path: string,
    isRepeatable: boolean,
    attempt: (endpoint: Endpoint) => Promise<Response>,
  ): Promise<Response> {
    const giveUpAt = Date.now() + CALL_BUDGET_MS;
    for (let failures = 0; ; failures++) {
      this.checkOpen();
      const endpoint = this.current();
      try {
        return await attempt(endpoint);
      } catch (error) {
        this.checkOpen();
        const verdict = verdictOf(error);
        if (verdict === "refused") throw error;
        this.leave(endpoint, error);
        if (verdict === "unknown" && !isRepeatable) throw unknownOutcome(path, endpoint, error);
        if (Date.now() >= giveUpAt) throw this.unavailable(path, error);
      }
      // Each member is asked once without delay. The network's time is real time.
      const round = Math.floor((failures + 1) / this.endpoints.length);
      if (round > 0) await sleep(systemClock, backoffDelayMs(RETRY_BACKOFF, round - 1, systemRng));
    }
  }

  private current(): Endpoint {
    return this.endpoints[this.inUse] as Endpoint;
  }

  /** Many calls fail together when a member fails: only the first of them moves on. */
  private leave(endpoint: Endpoint, reason: unknown): void {
    if (this.isClosed || endpoint !== this.current()) return;
    this.inUse = (this.inUse + 1) % this.endpoints.length;
    endpoint.leave();
    const next = this.current().address;
    this.log.debug("left a member of etcd", { from: endpoint.address, next, error: reason });
  }

  private unavailable(path: string, cause: unknown): EtcdUnavailableError {
    const members = this.endpoints.map(({ address }) => address).join(", ");
    return new EtcdUnavailableError(
      `no member of etcd (${members}) answered ${path} within ${CALL_BUDGET_MS} ms: ${detailsOf(cause)}`,
      { cause },
    );
  }

  private checkOpen(): void {
    if (this.isClosed) throw new Error("the store is closed");
  }
}

export async function connectEtcd(address: EtcdAddress, log: Log): Promise<EtcdConnection> {
  return new EtcdConnection(address.endpoints, await credentialsOf(address.tls), log);
}

async function credentialsOf(tls: TlsFiles | undefined): Promise<ChannelCredentials> {
  if (!tls) return credentials.createInsecure();
  const [ca, key, cert] = await Promise.all([tls.ca, tls.key, tls.cert].map(readPem));
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
}

async function readPem(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`cannot read ${path}, which the URL of the store names`, { cause });
  }
}

function unknownOutcome(path: string, endpoint: Endpoint, cause: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError(
    `etcd at ${endpoint.address} was lost during a write (${path}), which may or may not have been done; read again before trying again: ${detailsOf(cause)}`,
    { cause },
  );
}
