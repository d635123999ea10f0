import { LIFE_MS } from "#control-plane/apiserver/observability/links";
import { OWNER_FIELD } from "#control-plane/apiserver/observability/object-traces";
import {
  isCause,
  MAX_SKEW_MS,
  type Trace,
  traceOf,
} from "#control-plane/apiserver/observability/pick-traces";
import type { Span } from "#kit/trace";

/**
 * Pure: traces from the spans of several servers. A server follows the writes that came through it. What another
 * server did about the same objects is there in two forms, and is put below the write that it follows from:
 * - a trace that began there for want of a link: its first span says which object owns the written one;
 * - spans without a trace: a status, a binding, an attempt of the scheduler, a message to a node.
 */
export interface WholeTraces {
  readonly traces: readonly Trace[];
  /** Of the trace that the one with this id is a part of. */
  wholeId(traceId: string): string;
}

export function wholeTraces(spans: readonly Span[]): WholeTraces {
  const writes = writesByUid(spans);
  const parts = new Parts(spans);
  const causes = new Map<string, Span>();
  const follow = (span: Span): void => {
    const cause = causeOf(span, writes);
    if (!cause || !parts.isAlive(cause.traceId, span)) return;
    causes.set(span.spanId, cause);
    if (span.traceId !== "") parts.join(span.traceId, cause.traceId);
  };
  // In their order, so that the trace of a cause is whole before what follows from it.
  spans
    .filter(({ traceId, fields }) => traceId !== "" && OWNER_FIELD in fields)
    .sort((a, b) => a.startMs - b.startMs)
    .forEach(follow);
  for (const span of spans) if (span.traceId === "") follow(span);
  const joined = new Map<string, Span[]>();
  for (const span of spans) {
    const cause = causes.get(span.spanId);
    const traceId = parts.wholeId(span.traceId || (cause?.traceId ?? ""));
    if (traceId === "") continue;
    const list = joined.get(traceId) ?? [];
    joined.set(traceId, list);
    list.push({ ...span, traceId, parentId: cause?.spanId ?? span.parentId });
  }
  const traces = [...joined].map(([traceId, list]) => traceOf(traceId, list));
  return { traces, wholeId: (traceId) => parts.wholeId(traceId) };
}

/** Which traces are parts of which, over as many servers as there are between. Invariant: never of itself. */
class Parts {
  private readonly partOf = new Map<string, string>();
  private readonly bornMs = new Map<string, number>();

  constructor(spans: readonly Span[]) {
    for (const { traceId, startMs } of spans) {
      const known = this.bornMs.get(traceId) ?? Number.POSITIVE_INFINITY;
      this.bornMs.set(traceId, Math.min(known, startMs));
    }
  }

  join(traceId: string, whole: string): void {
    if (this.partOf.has(traceId) || this.wholeId(whole) === traceId) return;
    this.partOf.set(traceId, whole);
  }

  wholeId(traceId: string): string {
    let current = traceId;
    for (let next = this.partOf.get(current); next; next = this.partOf.get(current)) current = next;
    return current;
  }

  /** As long as one server alone would follow it. */
  isAlive(traceId: string, { startMs }: Span): boolean {
    return startMs - (this.bornMs.get(this.wholeId(traceId)) ?? 0) < LIFE_MS;
  }
}

type WritesByUid = ReadonlyMap<string, readonly Span[]>;

/** Those that something can follow from; of each object by their beginning. */
function writesByUid(spans: readonly Span[]): WritesByUid {
  const byUid = new Map<string, Span[]>();
  for (const span of spans) {
    const { traceId, uid } = span;
    if (traceId === "" || uid === "" || !isCause(span)) continue;
    const list = byUid.get(uid) ?? [];
    byUid.set(uid, list);
    list.push(span);
  }
  for (const list of byUid.values()) list.sort((a, b) => a.startMs - b.startMs);
  return byUid;
}

/**
 * The newest write before it of the object itself, or of its owner; never one of its own trace. By the store's revision,
 * which all servers have in common; what has none goes by the clocks, which may be a little off.
 */
function causeOf(span: Span, writes: WritesByUid): Span | undefined {
  const { uid, traceId, startMs, fields } = span;
  const candidates = [uid, fields[OWNER_FIELD]]
    .flatMap((one) => (typeof one === "string" ? (writes.get(one) ?? []) : []))
    .filter((write) => write.traceId !== traceId);
  const revision = revisionOf(span);
  const earlier = candidates.filter((one) => revisionOf(one) <= revision);
  if (revision > 0) return newest(earlier, revisionOf);
  const before = newest(
    candidates.filter(({ startMs: atMs }) => atMs <= startMs),
    startOf,
  );
  return before ?? candidates.find((one) => one.startMs - MAX_SKEW_MS <= startMs);
}

/** Of equals the last. Without sorting: an object may have thousands of writes, and each is asked for its cause. */
function newest(spans: readonly Span[], orderOf: (span: Span) => number): Span | undefined {
  let found: Span | undefined;
  for (const span of spans) if (!found || orderOf(span) >= orderOf(found)) found = span;
  return found;
}

function startOf({ startMs }: Span): number {
  return startMs;
}

function revisionOf({ fields: { resourceVersion } }: Span): number {
  return Number(resourceVersion ?? 0);
}
