import { type PodFacts, podFacts, type PodsSummary, summaryOf } from "#api/overview/pods-summary";
import { errors } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import { type Clock, sleep } from "#kit/clock";

/** GET /kaji/v1/pods-summary for who may list the pods that it sums up: all, or those of `namespace`. */
export interface PodsSummaryRoute {
  serve(request: ApiRequest, user: UserInfo): Promise<ApiResponse>;
}

export interface PodsSummaryOptions {
  readonly authorizer: Authorizer;
  /** Of the pods. */
  readonly cache: WatchCache;
  readonly clock: Clock;
}

/** More viewers are refused with 429. */
export const MAX_SUMMARY_VIEWERS = 1_000;
/** Changes within this time are one line. */
const GATHER_MS = 1_000;
/** Then a viewer asks again, with the rights that it has by then. */
const STREAM_LIMIT_MS = 30 * 60_000;
const RETRY_SECONDS = 10;
/** Of so many namespaces the line is kept until pods change; others are summed up each time. */
const MAX_LINES = 1_000;

export function createPodsSummary({
  authorizer,
  cache,
  clock,
}: PodsSummaryOptions): PodsSummaryRoute {
  const summaries = new SharedSummaries(cache);
  let viewers = 0;

  async function* follow(
    namespace: string | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    signal?.addEventListener("abort", end, { once: true });
    const cancel = clock.after(STREAM_LIMIT_MS, end);
    let wake = (): void => undefined;
    const leave = cache.subscribe({ push: () => wake(), cutOff: end });
    ended.signal.addEventListener("abort", () => wake(), { once: true });
    viewers++;
    try {
      let told = "";
      while (!ended.signal.aborted && !signal?.aborted) {
        const changed = new Promise<void>((resolve) => (wake = resolve));
        const line = summaries.lineOf(namespace);
        if (line !== told) yield Buffer.from(line);
        told = line;
        await changed;
        await sleep(clock, GATHER_MS, ended.signal);
      }
    } finally {
      viewers--;
      leave();
      cancel();
    }
  }

  return {
    async serve({ method, query, signal }, user) {
      if (method !== "GET") throw errors.methodNotAllowed();
      const namespace = query.get("namespace") || undefined;
      const pods = { group: "", resource: "pods", namespace };
      await authorizer.authorize(user, { ...pods, verb: "list" });
      if (query.get("watch") !== "true") {
        return jsonResponse(200, JSON.parse(summaries.lineOf(namespace)));
      }
      await authorizer.authorize(user, { ...pods, verb: "watch" });
      if (viewers >= MAX_SUMMARY_VIEWERS) {
        const sentence = `this server tells ${MAX_SUMMARY_VIEWERS} viewers how the pods are already`;
        throw errors.tooManyRequests(sentence, RETRY_SECONDS);
      }
      const chunks = follow(namespace, signal);
      return { type: "stream", status: 200, contentType: "application/json", chunks };
    },
  };
}

/** One summary for all who look at the same pods, made once for each change, and of each pod once. */
class SharedSummaries {
  private readonly cache: WatchCache;
  private readonly lines = new Map<string, string>();
  private readonly facts = new WeakMap<Pod, PodFacts>();
  private revision = -1;

  constructor(cache: WatchCache) {
    this.cache = cache;
  }

  lineOf(namespace: string | undefined): string {
    if (this.revision !== this.cache.lastChangeRevision) this.lines.clear();
    this.revision = this.cache.lastChangeRevision;
    const known = this.lines.get(namespace ?? "");
    if (known !== undefined) return known;
    const line = `${JSON.stringify(this.summary(namespace))}\n`;
    if (this.lines.size < MAX_LINES) this.lines.set(namespace ?? "", line);
    return line;
  }

  private summary(namespace: string | undefined): PodsSummary {
    const pods = this.cache.list(namespace).map(({ object }) => object as unknown as Pod);
    return summaryOf(pods, (pod) => {
      const known = this.facts.get(pod) ?? podFacts(pod);
      this.facts.set(pod, known);
      return known;
    });
  }
}
