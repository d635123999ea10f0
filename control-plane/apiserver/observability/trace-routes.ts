import { errors } from "#api/machinery/status-error";
import type { ApiResponse } from "#client/transport";
import {
  gatherNewest,
  gatherRelated,
  type GatheredSpans,
} from "#control-plane/apiserver/observability/gather-spans";
import type { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import {
  isSpan,
  joinNodeSpans,
  pickTraces,
  type Trace,
  type TraceQuestion,
} from "#control-plane/apiserver/observability/pick-traces";
import { wholeTraces } from "#control-plane/apiserver/observability/whole-traces";
import type { Peers } from "#control-plane/apiserver/peers";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { errorChain } from "#kit/log";
import type { Span } from "#kit/trace";

/**
 * GET /kaji/v1/traces, for those whom authorization lets there: ?id= a trace, ?uid= the newest of an object, or the
 * newest of all. What other servers know of it, and what the nodes did for the traces' pods, is asked of them now; who
 * does not answer is named.
 */
export interface TraceRoutes {
  serve(query: URLSearchParams): Promise<ApiResponse>;
}

export const TRACES_PATH = "/kaji/v1/traces";

export interface TraceRoutesOptions {
  readonly traces: ObjectTraces;
  readonly peers: Peers;
  /** Where the pod is, by "namespace/name"; undefined: not known any more. */
  nodeOf(pod: string): string | undefined;
  read(nodeName: string, path: `/spans?${string}`): Promise<Uint8Array>;
}

/** What one question may cost. */
const MAX_TRACES = 100;
const MAX_NODES = 50;
const MAX_UIDS = 200;
/** As many as an agent tells at most (node-agent/observability/node-record.ts). */
const MAX_NODE_SPANS = 4_096;

export function createTraceRoutes(options: TraceRoutesOptions): TraceRoutes {
  const { ring } = options.traces;
  return {
    async serve(query) {
      const id = query.get("id") ?? undefined;
      const uid = query.get("uid") ?? undefined;
      const limit = limitOf(query, id ?? uid);
      const found = await serverTraces(options, { id, uid, limit });
      const about = { ringSpans: ring.size, ringDropped: ring.dropped };
      if (id === undefined && uid === undefined) return jsonResponse(200, { ...found, ...about });
      const { spans, missing } = await nodeSpans(options, found.traces);
      const traces = joinNodeSpans(found.traces, spans);
      return jsonResponse(200, { traces, missing: [...found.missing, ...missing], ...about });
    },
  };
}

interface Found {
  readonly traces: readonly Trace[];
  readonly missing: readonly string[];
}

/** Of all servers. */
async function serverTraces(
  { traces, peers }: TraceRoutesOptions,
  question: TraceQuestion,
): Promise<Found> {
  if (peers.isAlone()) return { traces: pickTraces(traces.ring, question), missing: [] };
  const { id, uid, limit } = question;
  const seed = { ids: id === undefined ? [] : [id], uids: uid === undefined ? [] : [uid] };
  const isNewest = id === undefined && uid === undefined;
  const gathered = isNewest
    ? await gatherNewest(traces, peers, limit)
    : await gatherRelated(traces, peers, seed);
  return { traces: newestOf(gathered, question), missing: gathered.missing };
}

/** The same that `pickTraces` picks from one server's ring. */
function newestOf({ spans }: GatheredSpans, { id, uid, limit }: TraceQuestion): Trace[] {
  const whole = wholeTraces(spans);
  const wanted = id && whole.wholeId(id);
  const isAsked = (span: Span): boolean => uid === undefined || span.uid === uid;
  const lastMs = (trace: Trace): number =>
    trace.spans.reduce((last, span) => (isAsked(span) ? Math.max(last, span.endMs) : last), 0);
  return whole.traces
    .filter((trace) => wanted === undefined || trace.traceId === wanted)
    .map((trace) => ({ trace, atMs: lastMs(trace) }))
    .filter(({ atMs }) => atMs > 0)
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, limit)
    .map(({ trace }) => trace);
}

function limitOf(query: URLSearchParams, wanted: string | undefined): number {
  const text = query.get("limit") ?? (wanted === undefined ? "20" : "1");
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_TRACES) return limit;
  throw errors.badRequest(`limit must be a number from 1 to ${MAX_TRACES}, not "${text}"`);
}

interface NodeSpans {
  readonly spans: readonly Span[];
  /** "node-2: it is not connected" */
  readonly missing: readonly string[];
}

async function nodeSpans(
  options: TraceRoutesOptions,
  traces: readonly Trace[],
): Promise<NodeSpans> {
  const byNode = podsByNode(options, traces);
  const asked = [...byNode].slice(0, MAX_NODES);
  const missing = byNode.size > MAX_NODES ? [`${byNode.size - MAX_NODES} more nodes`] : [];
  const answers = await Promise.all(
    asked.map(async ([node, uids]): Promise<readonly Span[]> => {
      try {
        const query = new URLSearchParams({ uid: [...uids].slice(0, MAX_UIDS).join() });
        return spansIn(await options.read(node, `/spans?${query.toString()}`));
      } catch (error) {
        missing.push(`${node}: ${errorChain(error)}`);
        return [];
      }
    }),
  );
  return { spans: answers.flat(), missing };
}

/** A node is believed in what it did, and not in the form of it. Throws what it said instead. */
function spansIn(bytes: Uint8Array): readonly Span[] {
  const said: unknown = JSON.parse(Buffer.from(bytes).toString());
  if (Array.isArray(said) && said.length <= MAX_NODE_SPANS && said.every(isSpan)) return said;
  throw new Error(`what it said is no list of at most ${MAX_NODE_SPANS} spans`);
}

function podsByNode(
  { nodeOf }: TraceRoutesOptions,
  traces: readonly Trace[],
): Map<string, Set<string>> {
  const byNode = new Map<string, Set<string>>();
  for (const { uid, object, fields } of traces.flatMap(({ spans }) => spans)) {
    const said = fields["node"];
    const isPod = object.startsWith("pods ");
    const known = isPod ? nodeOf(object.slice("pods ".length)) : undefined;
    const node = typeof said === "string" ? said : known;
    if (node) byNode.set(node, (byNode.get(node) ?? new Set()).add(uid));
  }
  return byNode;
}
