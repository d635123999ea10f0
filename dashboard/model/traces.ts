import type { TraceShown } from "#api/traces/timeline";
import { apiJson } from "#dashboard/model/api-request";
import type { Target } from "#dashboard/model/change-object";

/** The newest traces that an object is in, as far as the viewer's rights go. */
export interface ObjectTraces {
  /** The newest first. */
  readonly traces: readonly TraceShown[];
  /** Who knows more and did not answer: "node-2: it is not connected". */
  readonly missing: readonly string[];
}

const MOST_TRACES = "10";

export async function readTraces(
  { resource, namespace, name }: Target,
  uid: string,
  signal: AbortSignal,
): Promise<ObjectTraces> {
  const query = new URLSearchParams({ uid, of: resource.plural, name, limit: MOST_TRACES });
  if (namespace) query.set("namespace", namespace);
  const path = `/kaji/v1/traces?${query.toString()}`;
  const { traces, missing = [] } = await apiJson<Partial<ObjectTraces>>(path, { signal });
  return { traces: (traces ?? []).filter(({ spans }) => spans.length > 0), missing };
}

export interface Bar {
  /** Of the whole, in percent. */
  readonly leftPercent: number;
  readonly widthPercent: number;
}

/** Where a span stands in its trace. */
export function barOf(
  span: { readonly startMs: number; readonly endMs: number },
  { startMs, endMs }: Pick<TraceShown, "startMs" | "endMs">,
): Bar {
  const whole = Math.max(endMs - startMs, Number.EPSILON);
  const percent = (ms: number): number => Math.max(0, Math.min(100, (ms / whole) * 100));
  const leftPercent = percent(span.startMs - startMs);
  const widthPercent = Math.min(percent(span.endMs - span.startMs), 100 - leftPercent);
  return { leftPercent, widthPercent };
}
