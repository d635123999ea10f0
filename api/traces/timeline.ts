/** Pure: a trace as lines, a span each, below what it followed from. */
export interface TraceShown {
  readonly traceId: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly spans: readonly TraceSpan[];
}

/** What a part of the cluster did, as `GET /kaji/v1/traces` says it. */
export interface TraceSpan {
  readonly spanId: string;
  readonly parentId: string;
  readonly component: string;
  readonly name: string;
  /** "pods default/web-1" */
  readonly object: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export interface TimelineRow {
  readonly span: TraceSpan;
  /** How many steps from what it began with. */
  readonly depth: number;
  /** "+12.3 ms" */
  readonly at: string;
  readonly took: string;
  readonly part: string;
  readonly what: string;
  readonly object: string;
}

/** What else the request did, which is seldom asked for. */
const DETAILS: ReadonlySet<string> = new Set(["store", "watch"]);

/** Of a trace that is no tree, because the ring has lost spans of it, what has no parent any more is at the left. */
export function timelineOf(
  { spans, startMs }: TraceShown,
  options: { readonly withDetails: boolean },
): TimelineRow[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const depthOf = (span: TraceSpan): number => {
    let depth = 0;
    for (let at = byId.get(span.parentId); at && depth < spans.length; depth++) {
      at = byId.get(at.parentId);
    }
    return depth;
  };
  const shown = spans.filter(({ component }) => options.withDetails || !DETAILS.has(component));
  return shown.map((span) => {
    const depth = Math.min(depthOf(span), MAX_INDENT);
    return {
      ...{ span, depth },
      at: `+${duration(span.startMs - startMs)}`,
      took: duration(span.endMs - span.startMs),
      part: span.component,
      what: `${"  ".repeat(depth)}${span.name}${resultOf(span)}`,
      object: span.object === "" ? (byId.get(span.parentId)?.object ?? "") : span.object,
    };
  });
}

const MAX_INDENT = 8;

export function summaryOf({ traceId, spans, startMs, endMs }: TraceShown): string {
  const parts = new Set(spans.map(({ component }) => component)).size;
  const start = new Date(startMs).toISOString();
  const amount = `${spans.length} span${spans.length === 1 ? "" : "s"}`;
  return `trace ${traceId}: ${amount} of ${parts} parts in ${duration(endMs - startMs)}, from ${start}`;
}

export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1_000) return `${ms.toFixed(1)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(2)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** Who is a part of the cluster is not worth a word in every line. */
const OWN_PREFIX = "system:kaji:";

/** "create deployments default/web (by admin)": what it began with. */
export function beginningOf({ spans }: TraceShown): string {
  const [first] = spans;
  if (!first) return "";
  const place = first.object.split(" ")[1] ?? "";
  return `${first.name} ${place}${resultOf(first)}`;
}

export function resultOf({ fields }: TraceSpan): string {
  const { user, status, node, result, failed } = fields;
  const said = [
    typeof user === "string" && !user.startsWith(OWN_PREFIX) ? `by ${user}` : "",
    typeof status === "number" && status >= 300 ? `refused: ${status}` : "",
    typeof result === "string" && result !== "scheduled" ? result : "",
    typeof node === "string" ? `on ${node}` : "",
    failed === true ? "failed" : "",
  ].filter((text) => text !== "");
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}
