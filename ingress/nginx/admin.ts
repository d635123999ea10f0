import { request } from "node:http";
import { type Dictionary, encodeChanges, type EntryChange } from "#ingress/plan/entries";

/** Talks to nginx over its admin socket (ingress/lua/kaji/admin.lua). Every call has a deadline. */
export interface NginxAdmin {
  /** Visible to every worker when it resolves. Throws with nginx's own sentence when there is no room. */
  apply(changes: readonly EntryChange[]): Promise<void>;
  /** Deletes every other key. */
  keep(dictionary: Dictionary, keys: Iterable<string>): Promise<void>;
  generation(): Promise<string>;
  setGeneration(generation: string): Promise<void>;
  counters(names: readonly string[]): Promise<readonly number[]>;
  /** What nginx serves now, with its counts since it was started. */
  backends(): Promise<readonly BackendCounts[]>;
  /** Any call of admin.lua: gives the text of its answer. */
  call(method: "GET" | "POST", path: string, body?: string): Promise<string>;
  /** Resolves when nginx (or the worker that answers) has ended. */
  untilGone(signal: AbortSignal): Promise<void>;
}

export interface BackendCounts {
  /** "namespace/service:port" */
  readonly key: string;
  /** "10.244.0.7:8080" */
  readonly addresses: readonly string[];
  readonly requests: number;
  readonly errors: number;
}

const TIMEOUT_MS = 5_000;
/** One request carries at most this much; larger sets of changes go in several. */
const MAX_BATCH_CHANGES = 5_000;
const MAX_BATCH_CHARS = 8 * 1_048_576;

function* batchesOf(changes: readonly EntryChange[]): Generator<EntryChange[]> {
  let batch: EntryChange[] = [];
  let chars = 0;
  for (const change of changes) {
    if (batch.length >= MAX_BATCH_CHANGES || chars >= MAX_BATCH_CHARS) {
      yield batch;
      batch = [];
      chars = 0;
    }
    batch.push(change);
    chars += change.key.length + (change.type === "set" ? change.value.length : 0);
  }
  if (batch.length > 0) yield batch;
}

export function createNginxAdmin(socketPath: string): NginxAdmin {
  const call = (method: string, path: string, body?: Buffer | string): Promise<string> =>
    callSocket(socketPath, method, path, body);
  return {
    async apply(changes) {
      const refusals: unknown[] = [];
      for (const batch of batchesOf(changes)) {
        // What nginx has no room for keeps the rest from nobody; deletions, which make room, come last.
        await call("POST", "/apply", encodeChanges(batch)).catch((error: unknown) =>
          refusals.push(error),
        );
      }
      if (refusals.length > 0) throw refusals[0];
    },
    async keep(dictionary, keys) {
      await call("POST", `/keep?dictionary=${dictionary}`, [...keys].join("\n"));
    },
    generation: () => call("GET", "/generation"),
    async setGeneration(generation) {
      await call("POST", "/generation", generation);
    },
    async counters(names) {
      if (names.length === 0) return [];
      return (await call("POST", "/counters", names.join("\n"))).split("\n").map(Number);
    },
    async backends() {
      const text = await call("GET", "/backends");
      return text.split("\n").filter(Boolean).map(parseBackend);
    },
    call,
    untilGone: (signal) => holdOpen(socketPath, signal),
  };
}

function parseBackend(line: string): BackendCounts {
  const [key = "", addresses = "", requests, errors] = line.split("\t");
  return {
    key,
    addresses: addresses.split(",").filter(Boolean),
    requests: Number(requests),
    errors: Number(errors),
  };
}

function callSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: Buffer | string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method, path, headers: { host: "kaji" }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(text);
          else
            reject(
              new Error(`nginx refused ${method} ${path}: ${text.trim() || response.statusCode}`),
            );
        });
      },
    );
    outgoing.setTimeout(TIMEOUT_MS, () =>
      outgoing.destroy(new Error(`nginx did not answer ${path} within ${TIMEOUT_MS} ms`)),
    );
    outgoing.on("error", (cause) =>
      reject(new Error(`cannot reach nginx at ${socketPath}`, { cause })),
    );
    outgoing.end(body);
  });
}

function holdOpen(socketPath: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request(
      { socketPath, path: "/alive", headers: { host: "kaji" }, agent: false, signal },
      (response) => {
        response.resume();
        response.on("close", resolve);
      },
    );
    // Refused, reset or aborted: whatever the reason, the connection that would tell is no more.
    outgoing.on("error", () => resolve());
    outgoing.end();
  });
}
