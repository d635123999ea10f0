import { type HistorySort, historySorts } from "#api/history/answer";
import { errors } from "#api/machinery/status-error";
import type { Attributes } from "#api/rbac/policy-rules";
import { COARSE, FINE } from "#control-plane/history/ring";

/** What somebody wants to see of the history. */
export interface HistoryQuery {
  readonly of: HistorySort;
  /** undefined: of all. */
  readonly namespace: string | undefined;
  /** Of the node, the pod, the Deployment or the Service. */
  readonly name: string | undefined;
  readonly rangeMs: number;
  readonly isWatch: boolean;
}

const DEFAULT_RANGE = "15m";
const MAX_RANGE_MS = COARSE.stepMs * COARSE.slots;
const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const known = ["of", "namespace", "name", "range", "watch"];

/** Throws 400 with a sentence for what it does not understand. */
export function parseQuery(query: URLSearchParams): HistoryQuery {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    throw errors.badRequest(`there is no parameter "${name}": there are ${known.join(", ")}`);
  }
  const of = query.get("of") ?? "";
  if (!isSort(of)) {
    const sorts = Object.keys(historySorts).join(", ");
    throw errors.badRequest(`of="${of}" is nothing that is kept: ask for one of ${sorts}`);
  }
  const name = query.get("name") || undefined;
  const namespace = query.get("namespace") || undefined;
  if (of === "versions" && !(name && namespace)) {
    throw errors.badRequest("of=versions wants the namespace and the name of a Deployment");
  }
  const watch = query.get("watch") ?? "false";
  if (watch !== "true" && watch !== "false") {
    throw errors.badRequest(`watch="${watch}" is neither true nor false`);
  }
  return { of, name, namespace, rangeMs: rangeOf(query.get("range")), isWatch: watch === "true" };
}

function isSort(text: string): text is HistorySort {
  return Object.hasOwn(historySorts, text);
}

function rangeOf(text: string | null): number {
  const given = text || DEFAULT_RANGE;
  const [, count, unit = ""] = /^(\d{1,5})([smh])$/.exec(given) ?? [];
  const rangeMs = Number(count) * (unitsMs[unit] ?? Number.NaN);
  if (rangeMs >= FINE.stepMs && rangeMs <= MAX_RANGE_MS) return rangeMs;
  throw errors.badRequest(`range="${given}" is no time from 10s to ${MAX_RANGE_MS / 3_600_000}h`);
}

/** What the asker must be allowed to do: who may read the thing itself may read how it was. */
export function attributesOf({ of, namespace }: HistoryQuery): Attributes {
  const metrics = "metrics.k8s.io";
  switch (of) {
    case "cluster":
    case "nodes":
      return { verb: "list", group: metrics, resource: "nodes" };
    case "pods":
    case "versions":
      return { verb: "list", group: metrics, resource: "pods", namespace };
    case "requests":
      return { verb: "list", group: "networking.k8s.io", resource: "ingresses", namespace };
    case "server":
      return { verb: "get", path: "/metrics" };
  }
}
