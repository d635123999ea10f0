import type { Peers } from "#control-plane/apiserver/peers";
import type { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import { OWNER_FIELD } from "#control-plane/apiserver/observability/object-traces";
import { isSpan, pickTraces } from "#control-plane/apiserver/observability/pick-traces";
import { errors } from "#api/machinery/status-error";
import type { Span } from "#kit/trace";

/** Spans of these traces, of these objects, and of what was made for these objects. */
interface SpanQuestion {
  readonly ids: readonly string[];
  readonly uids: readonly string[];
}

export interface GatheredSpans {
  readonly spans: readonly Span[];
  /** "server 10.0.0.2:6444: it cannot be reached" */
  readonly missing: readonly string[];
}

export const SPANS_PATH = "/spans";
/** The newest; as many as an agent tells. */
const MAX_TOLD = 4_096;
/** From an object to what was made for it, and on: a release leads to a pod in four steps. */
const MAX_ROUNDS = 6;
/** Beyond them the objects that were found last are not asked for. */
const MAX_ASKED = 2_000;

/** What this server says to one that asks. Throws 400. */
export function tellSpans(traces: ObjectTraces, query: URLSearchParams): readonly Span[] {
  const newest = query.get("newest");
  if (newest !== null) return newestSpans(traces, Number(newest));
  const list = (name: string): string[] => query.get(name)?.split(",").filter(Boolean) ?? [];
  return related(traces, { ids: list("ids"), uids: list("uids") });
}

function newestSpans(traces: ObjectTraces, limit: number): readonly Span[] {
  if (!(limit >= 1)) throw errors.badRequest("newest is a number");
  const picked = pickTraces(traces.ring, { id: undefined, uid: undefined, limit });
  return picked.flatMap(({ spans }) => spans).slice(0, MAX_TOLD);
}

function related(traces: ObjectTraces, { ids, uids }: SpanQuestion): readonly Span[] {
  const [traceIds, objects] = [new Set(ids), new Set(uids)];
  const found: Span[] = [];
  for (const ring of [traces.ring, traces.loose]) {
    for (const span of ring.newest()) {
      const owner = span.fields[OWNER_FIELD];
      const isOfObject = objects.has(span.uid) || (owner !== undefined && objects.has(`${owner}`));
      if (isOfObject || traceIds.has(span.traceId)) found.push(span);
      if (found.length >= MAX_TOLD) return found;
    }
  }
  return found;
}

/** The newest traces of every server. */
export function gatherNewest(
  traces: ObjectTraces,
  peers: Peers,
  limit: number,
): Promise<GatheredSpans> {
  return everyone(traces, peers, new URLSearchParams({ newest: String(limit) }), new Set());
}

/** All that any server knows of a trace or an object, and of what followed from it. */
export async function gatherRelated(
  traces: ObjectTraces,
  peers: Peers,
  seed: SpanQuestion,
): Promise<GatheredSpans> {
  const found = new Map<string, Span>();
  const missing: string[] = [];
  /** Servers that have not answered: waited for once, not in each round. */
  const silent = new Set<string>();
  const asked = new Set<string>();
  let question = seed;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const one of [...question.ids, ...question.uids]) asked.add(one);
    const { ids, uids } = question;
    const query = new URLSearchParams({ ids: ids.join(), uids: uids.join() });
    const answer = await everyone(traces, peers, query, silent);
    missing.push(...answer.missing);
    for (const span of answer.spans) found.set(span.spanId, span);
    question = unasked(answer.spans, asked);
    if (question.ids.length + question.uids.length === 0) break;
  }
  return { spans: [...found.values()], missing };
}

function unasked(spans: readonly Span[], asked: ReadonlySet<string>): SpanQuestion {
  const [ids, uids] = [new Set<string>(), new Set<string>()];
  const room = (): boolean => asked.size + ids.size + uids.size < MAX_ASKED;
  const add = (to: Set<string>, one: unknown): void => {
    if (typeof one === "string" && one !== "" && !asked.has(one) && room()) to.add(one);
  };
  for (const { traceId, uid, fields } of spans) {
    add(ids, traceId);
    add(uids, uid);
    add(uids, fields[OWNER_FIELD]);
  }
  return { ids: [...ids], uids: [...uids] };
}

/** Servers that do not answer are added to `silent`. */
async function everyone(
  traces: ObjectTraces,
  peers: Peers,
  query: URLSearchParams,
  silent: Set<string>,
): Promise<GatheredSpans> {
  const spans = [...tellSpans(traces, query)];
  const missing: string[] = [];
  const answers = await peers.ask(`${SPANS_PATH}?${query.toString()}`, silent);
  for (const { server, said, error } of answers) {
    if (Array.isArray(said) && said.every(isSpan)) {
      spans.push(...said);
      continue;
    }
    silent.add(server);
    missing.push(`server ${server}: ${error ?? "what it said is no list of spans"}`);
  }
  return { spans, missing };
}
