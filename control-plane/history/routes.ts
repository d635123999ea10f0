import { HISTORY_PATH } from "#api/history/answer";
import { TRAFFIC_PATH } from "#api/history/traffic-counts";
import { errors } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { resolutionOf } from "#control-plane/history/answer";
import type { History } from "#control-plane/history/history";
import { attributesOf, type HistoryQuery, parseQuery } from "#control-plane/history/query";
import { countsOf } from "#control-plane/history/told-counts";
import { type Clock, sleep } from "#kit/clock";
import { preciseNow } from "#kit/trace";

/** /kaji/v1/history for who looks, /kaji/v1/traffic for the ingresses that tell. */
export interface HistoryRoutes {
  /** undefined: the path is another's. Authorizes by what is asked for. */
  serve(request: ApiRequest, user: UserInfo): Promise<ApiResponse> | undefined;
  /** A request to a resource begins; the function that is given is told the answer. */
  observe(): (response: ApiResponse) => void;
}

/** Viewers and ingresses that are told; more are refused with 429. */
export const MAX_VIEWERS = 1_000;
export const MAX_INGRESSES = 500;
/** Then a viewer asks again, with the rights that it has by then. */
const STREAM_LIMIT_MS = 30 * 60_000;
/** Several things that happen at once are one line. */
const GATHER_MS = 100;
const RETRY_SECONDS = 10;
const LINES = "application/json";
const QUESTION = Buffer.from('{"wanted":"counts"}\n');

export function createHistoryRoutes(
  history: History,
  authorizer: Authorizer,
  clock: Clock,
): HistoryRoutes {
  async function serveHistory(request: ApiRequest, user: UserInfo): Promise<ApiResponse> {
    const query = parseQuery(request.query);
    await authorizer.authorize(user, attributesOf(query));
    if (!query.isWatch) return jsonResponse(200, await history.whole(query, clock.now()));
    if (history.viewerCount >= MAX_VIEWERS) throw tooMany(`${MAX_VIEWERS} viewers of the history`);
    const chunks = follow(history, query, clock, request.signal);
    return { type: "stream", status: 200, contentType: LINES, chunks };
  }

  async function serveTraffic(request: ApiRequest, user: UserInfo): Promise<ApiResponse> {
    const { method, path } = request;
    await authorizer.authorize(user, { verb: method.toLowerCase(), path });
    if (method === "POST") {
      history.tell(countsOf(request.body));
      return jsonResponse(200, {});
    }
    if (history.ingressCount >= MAX_INGRESSES) throw tooMany(`${MAX_INGRESSES} ingresses`);
    const chunks = questions(history, request.signal);
    return { type: "stream", status: 200, contentType: LINES, chunks };
  }

  return {
    observe() {
      const startMs = preciseNow();
      return ({ type, status }) => {
        if (type !== "watch") history.observe(status, preciseNow() - startMs);
      };
    },
    serve(request, user) {
      const { method, path } = request;
      if (path === HISTORY_PATH && method === "GET") return serveHistory(request, user);
      const isTraffic = method === "GET" || method === "POST";
      if (path === TRAFFIC_PATH && isTraffic) return serveTraffic(request, user);
      return undefined;
    },
  };
}

/**
 * The range, and then what is new. Nothing is queued for a slow reader: the rings keep it, and its next line begins
 * where its last one ended.
 */
async function* follow(
  history: History,
  query: HistoryQuery,
  clock: Clock,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const news = new News(signal);
  const forget = history.view(news.announce);
  const { stepMs, slots } = resolutionOf(query);
  const endMs = clock.now() + STREAM_LIMIT_MS;
  const cancel = clock.after(STREAM_LIMIT_MS, news.announce);
  try {
    let nowMs = clock.now();
    yield await history.lines.of(query, nowMs);
    for (;;) {
      // The slot that was the newest may have more by now.
      const told = Math.floor(nowMs / stepMs);
      await news.next();
      if (signal?.aborted || clock.now() >= endMs) return;
      await sleep(clock, GATHER_MS, signal);
      nowMs = clock.now();
      const from = Math.max(told, Math.floor(nowMs / stepMs) - slots + 1);
      yield await history.lines.of(query, nowMs, from);
    }
  } finally {
    cancel();
    forget();
  }
}

/** A line each time the ingress shall tell its counts. */
async function* questions(history: History, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const news = new News(signal);
  const forget = history.hear(news.announce);
  try {
    for (;;) {
      yield QUESTION;
      await news.next();
      if (signal?.aborted) return;
    }
  } finally {
    forget();
  }
}

/** That something happened, however often, since one asked last. */
class News {
  private isThere = false;
  private wake: (() => void) | undefined;

  constructor(signal?: AbortSignal) {
    signal?.addEventListener("abort", this.announce, { once: true });
    if (signal?.aborted) this.announce();
  }

  readonly announce = (): void => {
    this.isThere = true;
    this.wake?.();
  };

  async next(): Promise<void> {
    if (!this.isThere) await new Promise<void>((resolve) => (this.wake = resolve));
    this.isThere = false;
    this.wake = undefined;
  }
}

function tooMany(whom: string) {
  const sentence = `this server tells ${whom} already: close one, or ask another server`;
  return errors.tooManyRequests(sentence, RETRY_SECONDS);
}
