import { errors } from "#api/machinery/status-error";
import type { ApiResponse } from "#client/transport";
import {
  joinNodeSpans,
  pickTraces,
  type Trace,
} from "#control-plane/apiserver/observability/pick-traces";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import { errorChain } from "#kit/log";
import type { Span, SpanRing } from "#kit/trace";

/**
 * GET /kaji/v1/traces, for those whom authorization lets there: ?id= a trace, ?uid= the newest of an object, or the
 * newest of all. What the nodes did for the traces' pods is asked of them now; who does not answer is named.
 */
export interface TraceRoutes {
  serve(query: URLSearchParams): Promise<ApiResponse>;
}

export const TRACES_PATH = "/kaji/v1/traces";

export interface TraceRoutesOptions {
  readonly ring: SpanRing;
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
  const { ring } = options;
  return {
    async serve(query) {
      const id = query.get("id") ?? undefined;
      const uid = query.get("uid") ?? undefined;
      const limit = limitOf(query, id ?? uid);
      const traces = pickTraces(ring, { id, uid, limit });
      const about = { ringSpans: ring.size, ringDropped: ring.dropped };
      if (id === undefined && uid === undefined) return jsonResponse(200, { traces, ...about });
      const { spans, missing } = await nodeSpans(options, traces);
      return jsonResponse(200, { traces: joinNodeSpans(traces, spans), missing, ...about });
    },
  };
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

function isSpan(value: unknown): value is Span {
  if (typeof value !== "object" || value === null) return false;
  const { startMs, endMs, spanId, uid, object, component, name, fields } = value as Partial<Span>;
  const isTimed = Number.isFinite(startMs) && Number.isFinite(endMs);
  const hasFields = Boolean(fields) && typeof fields === "object";
  const texts = [spanId, uid, object, component, name];
  return isTimed && hasFields && texts.every((text) => typeof text === "string");
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
