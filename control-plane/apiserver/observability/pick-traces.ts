import { LIFE_MS } from "#control-plane/apiserver/observability/links";
import type { Span, SpanRing } from "#kit/trace";

/** Pure: which traces are asked for, and what the nodes say put where it belongs. */
export interface Trace {
  readonly traceId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** By their beginning. */
  readonly spans: readonly Span[];
}

export interface TraceQuestion {
  readonly id: string | undefined;
  readonly uid: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function pickTraces(ring: SpanRing, { id, uid, limit }: TraceQuestion): Trace[] {
  const wanted = new Map<string, Span[]>();
  for (const span of ring.newest()) {
    const { traceId } = span;
    if (wanted.size >= limit) break;
    if (traceId === "" || wanted.has(traceId)) continue;
    if (id !== undefined && traceId !== id) continue;
    if (uid !== undefined && span.uid !== uid) continue;
    wanted.set(traceId, []);
  }
  if (wanted.size === 0) return [];
  for (const span of ring.newest()) wanted.get(span.traceId)?.push(span);
  return [...wanted].map(([traceId, spans]) => traceOf(traceId, spans));
}

/** A host's clock may be a little off: what seems to have been done that much before its cause still counts. */
export const MAX_SKEW_MS = 1_000;

/** A node knows objects and no traces: what it did is the trace's that the pod was in at the time. */
export function joinNodeSpans(traces: readonly Trace[], spans: readonly Span[]): Trace[] {
  return traces.map((trace) => {
    const joined = spans.flatMap((span) => {
      const parent = causeOf(trace, span);
      return parent ? [{ ...span, traceId: trace.traceId, parentId: parent.spanId }] : [];
    });
    return traceOf(trace.traceId, [...trace.spans, ...joined]);
  });
}

/** A write that something can follow from: what a part of the cluster says of a status leads to nothing. */
export function isCause({ component, name }: Span): boolean {
  return component === "apiserver" && !name.endsWith(" status");
}

/** The last write of the pod before it, by anyone but the nodes themselves. */
function causeOf({ spans }: Trace, { uid, startMs }: Span): Span | undefined {
  const writes = spans.filter(
    (span) =>
      span.uid === uid &&
      isCause(span) &&
      span.startMs - MAX_SKEW_MS <= startMs &&
      startMs < span.startMs + LIFE_MS,
  );
  return writes.filter((span) => span.endMs <= startMs).at(-1) ?? writes[0];
}

export function traceOf(traceId: string, spans: readonly Span[]): Trace {
  const sorted = spans.toSorted((a, b) => a.startMs - b.startMs || b.endMs - a.endMs);
  const startMs = sorted[0]?.startMs ?? 0;
  // In a call's arguments there is room for some ten thousand.
  const endMs = sorted.reduce((latest, span) => Math.max(latest, span.endMs), startMs);
  return { traceId, startMs, endMs, spans: sorted };
}

/** What another process said of its work. */
export function isSpan(value: unknown): value is Span {
  if (typeof value !== "object" || value === null) return false;
  const { startMs, endMs, spanId, uid, object, component, name, fields } = value as Partial<Span>;
  const isTimed = Number.isFinite(startMs) && Number.isFinite(endMs);
  const hasFields = Boolean(fields) && typeof fields === "object";
  const texts = [spanId, uid, object, component, name];
  return isTimed && hasFields && texts.every((text) => typeof text === "string");
}
