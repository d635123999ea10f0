import type { Span } from "#kit/trace";

/** Pure: a trace as lines, a span each, below what it followed from. */
export interface TraceShown {
  readonly traceId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly spans: readonly Span[];
}

export interface TimelineRow {
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
  const depthOf = (span: Span): number => {
    let depth = 0;
    for (let at = byId.get(span.parentId); at && depth < spans.length; depth++) {
      at = byId.get(at.parentId);
    }
    return depth;
  };
  const shown = spans.filter(({ component }) => options.withDetails || !DETAILS.has(component));
  return shown.map((span) => ({
    at: `+${duration(span.startMs - startMs)}`,
    took: duration(span.endMs - span.startMs),
    part: span.component,
    what: `${"  ".repeat(Math.min(depthOf(span), MAX_INDENT))}${span.name}${resultOf(span)}`,
    object: span.object === "" ? (byId.get(span.parentId)?.object ?? "") : span.object,
  }));
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

function resultOf({ fields }: Span): string {
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
