import { randomBytes, randomUUID } from "node:crypto";

/**
 * Spans of work, in a ring of this process: who did what, about which object, from when to when. Cheap enough to be on
 * always (no object is spread into another here: that costs microseconds); at the limit the oldest span goes. Who asks joins the rings of several processes by the objects' uids.
 */
export interface Span {
  /** 32 hex digits; "" where only the object is known. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentId: string;
  /** The part that worked: "apiserver", "store", "scheduler", ... */
  readonly component: string;
  readonly name: string;
  /** Of the object that it is about. */
  readonly uid: string;
  /** "pods default/web-1" */
  readonly object: string;
  /** Milliseconds since 1970, with a fraction. */
  readonly startMs: number;
  readonly endMs: number;
  readonly fields: SpanFields;
}

export type SpanFields = Readonly<Record<string, string | number | boolean>>;

/** Ends a span, once. */
export type EndSpan = (fields?: SpanFields) => void;

/** What a part of the product needs, to say what it does. */
export interface Spans {
  begin(component: string, name: string, uid: string, object: string): EndSpan;
  /** For log lines about the object; undefined: nobody follows it. */
  traceIdOf(uid: string): string | undefined;
}

const ended: EndSpan = () => undefined;
export const noSpans: Spans = { begin: () => ended, traceIdOf: () => undefined };

/** About 8 MB when full. */
export const MAX_SPANS = 16_384;

export class SpanRing {
  private readonly spans: Span[] = [];
  private readonly limit: number;
  private added = 0;
  /** Called with each span as it is added. */
  onAdd: ((span: Span) => void) | undefined;

  constructor(limit = MAX_SPANS) {
    this.limit = limit;
  }

  /** Spans that have made room for newer ones. */
  get dropped(): number {
    return this.added - this.spans.length;
  }

  get size(): number {
    return this.spans.length;
  }

  add(span: Span): void {
    this.spans[this.added++ % this.limit] = span;
    this.onAdd?.(span);
  }

  /** Newest first. */
  *newest(): Generator<Span> {
    const { length } = this.spans;
    for (let back = 1; back <= length; back++) {
      yield this.spans[(this.added - back) % this.limit] as Span;
    }
  }
}

/** Spans that know their object and no trace: of a process that is told nothing of requests. */
export function objectSpans(ring: SpanRing, now: () => number = preciseNow): Spans {
  return {
    traceIdOf: () => undefined,
    begin: (component, name, uid, object) =>
      beginSpan(ring, now, { ...NO_TRACE, component, name, uid, object }),
  };
}

const NO_TRACE = { traceId: "", parentId: "" };

/** What is known of a span when its work begins. */
export type SpanBegun = Omit<Span, "spanId" | "startMs" | "endMs" | "fields">;

/** A span from now until it is ended; its own id is made then. */
export function beginSpan(ring: SpanRing, now: () => number, begun: SpanBegun): EndSpan {
  const { traceId, parentId, component, name, uid, object } = begun;
  const startMs = now();
  return (fields = NO_FIELDS) => {
    const spanId = newSpanId();
    const endMs = now();
    ring.add({
      traceId,
      spanId,
      parentId,
      component,
      name,
      uid,
      object,
      startMs,
      endMs,
      fields,
    });
  };
}

export const NO_FIELDS: SpanFields = {};

/** Wall-clock milliseconds with a fraction: container starts are shorter than a few of them. */
export function preciseNow(): number {
  return TIME_ORIGIN_MS + performance.now();
}

/** Read once: it is asked of the system each time. */
const TIME_ORIGIN_MS = performance.timeOrigin;

/** What a caller says of its own trace. Source: W3C Trace Context, section 3.2. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** A request that is followed. */
export interface RequestTrace {
  /** What the caller said, if it did. */
  readonly parent: TraceParent | undefined;
  readonly traceId: string;
  /** Of the answering server's own span. */
  readonly spanId: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** undefined: absent, or not to be believed (all zeros, version ff, more than the version allows). */
export function parseTraceparent(header: string | undefined): TraceParent | undefined {
  const [, version, traceId = "", spanId = "", flags = "", more] =
    TRACEPARENT.exec(header ?? "") ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

export function newTraceId(): string {
  return randomUUID().replaceAll("-", "");
}

/** Eight digits that are this process' own, and a count. In one piece: many are kept. */
export function newSpanId(): string {
  spanCount = (spanCount + 1) >>> 0;
  spanIdBytes.writeUInt32BE(spanCount, 4);
  return spanIdBytes.toString("hex");
}

const spanIdBytes = Buffer.concat([randomBytes(4), Buffer.alloc(4)]);
let spanCount = 0;
