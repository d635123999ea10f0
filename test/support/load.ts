import { Agent, request } from "node:http";

/** A bounded load generator on one URL: keep-alive clients and clients with a connection per request. */
export interface LoadResult {
  requests: number;
  /** One sentence per failed request. */
  failures: string[];
  /** How often each body came back. */
  bodies: Map<string, number>;
}

export interface LoadOptions {
  readonly url: string;
  readonly host: string;
  readonly keepAliveClients: number;
  readonly newConnectionClients: number;
  /** A pause after each answer, so that a 2-core machine is not only the load generator. */
  readonly pauseMs?: number;
  /** How long a client waits for an answer; 20 s by default. */
  readonly timeoutMs?: number;
  /** Told of each request when it has ended. Each then has a number as its query: "/?17". */
  readonly seen?: (request: SeenRequest) => void;
}

/** Times by performance.now(). */
export interface SeenRequest {
  readonly number: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly failure: string | undefined;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** Runs until `stop` is called; resolves when every client has had its last answer. */
export function startLoad(options: LoadOptions): {
  result: LoadResult;
  stop(): Promise<LoadResult>;
} {
  const result: LoadResult = { requests: 0, failures: [], bodies: new Map() };
  let isStopping = false;
  let number = 0;
  const client = async (agent: Agent): Promise<void> => {
    while (!isStopping) {
      await (options.seen
        ? numbered(number++, options, agent, result)
        : once(options, agent, result));
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs ?? 1));
    }
    agent.destroy();
  };
  const clients = [
    ...Array.from({ length: options.keepAliveClients }, () =>
      client(new Agent({ keepAlive: true, maxSockets: 1 })),
    ),
    ...Array.from({ length: options.newConnectionClients }, () =>
      client(new Agent({ keepAlive: false })),
    ),
  ];
  return {
    result,
    async stop() {
      isStopping = true;
      await Promise.all(clients);
      return result;
    },
  };
}

/** One request; resolves with what went wrong. */
export function askOnce(target: { url: string; host: string }): Promise<string | undefined> {
  const options = { ...target, keepAliveClients: 0, newConnectionClients: 1 };
  const result = { requests: 0, failures: [], bodies: new Map() };
  return once(options, new Agent({ keepAlive: false }), result);
}

async function numbered(
  number: number,
  options: LoadOptions,
  agent: Agent,
  result: LoadResult,
): Promise<void> {
  const beganAtMs = performance.now();
  const failure = await once({ ...options, url: `${options.url}/?${number}` }, agent, result);
  options.seen?.({ number, beganAtMs, endedAtMs: performance.now(), failure });
}

/** Resolves with what went wrong. */
function once(
  { url, host, timeoutMs = REQUEST_TIMEOUT_MS }: LoadOptions,
  agent: Agent,
  result: LoadResult,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (failure?: string): void => {
      if (isSettled) return;
      isSettled = true;
      result.requests++;
      if (failure) result.failures.push(failure);
      resolve(failure);
    };
    const outgoing = request(url, { agent, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("error", (error) => settle(`answer cut: ${error.message}`));
      response.on("end", () => {
        const text = body.trim();
        if (response.statusCode !== 200)
          return settle(`status ${response.statusCode}: ${text.slice(0, 80)}`);
        result.bodies.set(text, (result.bodies.get(text) ?? 0) + 1);
        settle();
      });
    });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", (error) => settle(`request failed: ${error.message}`));
    outgoing.end();
  });
}
