import { Agent, type ClientRequest, request } from "node:http";
import { WebSocket } from "ws";

/** Clients whose requests take long: WebSockets, slow uploads, long downloads. For manifests/cookpad/recipes.c. */
export interface LongRequestOptions {
  readonly url: string;
  readonly host: string;
  readonly sockets: number;
  readonly uploads: number;
  readonly downloads: number;
  /** Asked when the server has closed a WebSocket of this version: why it should not have, if so. */
  readonly whyTooEarly: (version: string) => string | undefined;
}

export interface LongRequestResult {
  uploads: number;
  downloads: number;
  echoes: number;
  /** WebSockets that the server closed with 1001. */
  farewells: number;
  /** One sentence per failed request, and per WebSocket that ended otherwise. */
  failures: string[];
}

const UPLOAD_PARTS = 8;
const PART_BYTES = 4_096;
const PART_EVERY_MS = 100;
const DOWNLOAD_BYTES = 256 * 1024;
const ECHO_EVERY_MS = 200;
const ANSWER_TIMEOUT_MS = 20_000;
const GOING_AWAY = 1001;

export function startLongRequests(options: LongRequestOptions): {
  result: LongRequestResult;
  stop(): Promise<LongRequestResult>;
} {
  const result: LongRequestResult = {
    ...{ uploads: 0, downloads: 0, echoes: 0, farewells: 0 },
    failures: [],
  };
  const ending = new AbortController();
  const { signal } = ending;
  const repeat = async (once: (agent: Agent) => Promise<void>): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!signal.aborted) {
      try {
        await once(agent);
      } catch (error) {
        result.failures.push((error as Error).message);
        await pause(ECHO_EVERY_MS);
      }
    }
    agent.destroy();
  };
  const times = (count: number, once: (agent: Agent) => Promise<void>): Promise<void>[] =>
    Array.from({ length: count }, () => repeat(once));
  const clients = [
    ...times(options.sockets, () => talk(options, result, signal)),
    ...times(options.uploads, (agent) => upload(options, agent, result)),
    ...times(options.downloads, (agent) => download(options, agent, result)),
  ];
  return {
    result,
    async stop() {
      ending.abort();
      await Promise.all(clients);
      return result;
    },
  };
}

/** Talks until the server closes, which it may only with 1001 and when it is its time, or until the test ends. */
function talk(
  { url, host, whyTooEarly }: LongRequestOptions,
  result: LongRequestResult,
  signal: AbortSignal,
): Promise<void> {
  const socket = new WebSocket(`${url.replace("http", "ws")}socket`, { headers: { host } });
  return new Promise((resolve, reject) => {
    let version = "";
    let isWaiting = false;
    let sentAtMs = performance.now();
    const timer = setInterval(() => {
      if (isWaiting && performance.now() - sentAtMs > ANSWER_TIMEOUT_MS) {
        reject(new Error(`WebSocket of ${version}: no echo in time`));
        socket.terminate();
      } else if (version && !isWaiting) {
        isWaiting = true;
        sentAtMs = performance.now();
        socket.send(String(sentAtMs));
      }
    }, ECHO_EVERY_MS);
    const leave = (): void => socket.close(1000);
    signal.addEventListener("abort", leave, { once: true });
    socket.on("message", (data: Buffer) => {
      if (version) {
        isWaiting = false;
        result.echoes++;
      } else version = data.toString();
    });
    socket.on("error", (error) => {
      if (!signal.aborted) reject(new Error(`WebSocket of ${version}: ${error.message}`));
    });
    socket.on("close", (code) => {
      clearInterval(timer);
      signal.removeEventListener("abort", leave);
      const isFarewell = code === GOING_AWAY;
      if (isFarewell && !signal.aborted) result.farewells++;
      const problem = isFarewell ? whyTooEarly(version) : "this is not the server's farewell";
      if (signal.aborted || !problem) resolve();
      else reject(new Error(`WebSocket of ${version} closed with ${code}: ${problem}`));
    });
  });
}

async function upload(
  { url, host }: LongRequestOptions,
  agent: Agent,
  result: LongRequestResult,
): Promise<void> {
  const length = UPLOAD_PARTS * PART_BYTES;
  const headers = { host, "content-length": String(length) };
  const outgoing = request(`${url}upload`, { method: "POST", agent, headers });
  const answer = answerOf(outgoing, "upload");
  // An answer that comes early is read below.
  answer.catch(() => undefined);
  for (let i = 0; i < UPLOAD_PARTS && !outgoing.destroyed; i++) {
    outgoing.write(Buffer.alloc(PART_BYTES, 97));
    await pause(PART_EVERY_MS);
  }
  outgoing.end();
  const { status, body } = await answer;
  if (status !== 200 || !body.toString().endsWith(` ${length}`)) {
    throw new Error(`upload: status ${status}: ${body.toString().slice(0, 80)}`);
  }
  result.uploads++;
}

async function download(
  { url, host }: LongRequestOptions,
  agent: Agent,
  result: LongRequestResult,
): Promise<void> {
  const outgoing = request(`${url}download`, { agent, headers: { host } });
  const answer = answerOf(outgoing, "download");
  outgoing.end();
  const { status, body } = await answer;
  if (status !== 200 || body.length !== DOWNLOAD_BYTES) {
    throw new Error(`download: status ${status} with ${body.length} of ${DOWNLOAD_BYTES} bytes`);
  }
  result.downloads++;
}

function answerOf(
  outgoing: ClientRequest,
  what: string,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new Error(`${what}: ${error.message}`));
    outgoing.setTimeout(ANSWER_TIMEOUT_MS, () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }),
      );
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
