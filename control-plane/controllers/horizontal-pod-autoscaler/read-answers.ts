import { kinds } from "#api/kinds/index";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import { parseQuantity, quantityProblem, quantityToMillis } from "#api/machinery/quantity";
import { errors, StatusError } from "#api/machinery/status-error";
import type { CrossVersionObjectReference, LabelSelector, MetricSpec } from "#api/schema/types";
import type { Client } from "#client/client";
import { unservedProblem } from "#control-plane/controllers/horizontal-pod-autoscaler/refused-metric";
import {
  type AutoscalerInput,
  type MetricAnswer,
  type MetricFigure,
  minReplicasOf,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";

/** Reads the metrics of a look that the nodes do not have, through the API like other clients. */
export async function readAnswers(
  client: Client,
  input: AutoscalerInput,
): Promise<ReadonlyMap<number, MetricAnswer>> {
  if (!isDecidedByMetrics(input)) return new Map();
  const { spec, metadata } = input.autoscaler;
  const selectorText = input.target.type === "found" ? input.target.selectorText : "";
  const asked = (spec.metrics ?? []).flatMap((metric, at) => {
    const path = pathOfMetric(metric, metadata.namespace ?? "", selectorText);
    return path ? [{ metric, at, path }] : [];
  });
  return new Map(
    await Promise.all(
      asked.map(async ({ metric, at, path }) => [at, await read(client, metric, path)] as const),
    ),
  );
}

/** Otherwise the number of replicas is decided by the spec alone, and nobody needs to be asked. */
export function isDecidedByMetrics({ autoscaler, target }: AutoscalerInput): boolean {
  if (target.type === "missing" || target.selectorText === "") return false;
  const { replicas } = target;
  const least = minReplicasOf(autoscaler);
  if (replicas === 0 && least !== 0) return false;
  return replicas >= least && replicas <= autoscaler.spec.maxReplicas;
}

const CUSTOM = "/apis/custom.metrics.k8s.io/v1beta2";
const EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1";

type Path = { readonly path: string } | { readonly problem: string };

/** undefined: a metric that others serve. */
function pathOfMetric(
  { pods, object, external }: MetricSpec,
  namespace: string,
  selectorText: string,
): Path | undefined {
  const place = `/namespaces/${encodeURIComponent(namespace)}`;
  if (pods) {
    const { name, selector } = pods.metric;
    const query = { labelSelector: selectorText, metricLabelSelector: textOf(selector) };
    return { path: withQuery(`${CUSTOM}${place}/pods/*/${encodeURIComponent(name)}`, query) };
  }
  if (object) {
    const { name, selector } = object.metric;
    const described = pathOfObject(object.describedObject);
    if ("problem" in described) return described;
    const path = `${CUSTOM}${place}/${described.path}/${encodeURIComponent(name)}`;
    return { path: withQuery(path, { metricLabelSelector: textOf(selector) }) };
  }
  if (external) {
    const { name, selector } = external.metric;
    const path = `${EXTERNAL}${place}/${encodeURIComponent(name)}`;
    return { path: withQuery(path, { labelSelector: textOf(selector) }) };
  }
  return undefined;
}

function pathOfObject({
  apiVersion = "",
  kind: kindName,
  name,
}: CrossVersionObjectReference): Path {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  // Of a namespace only the autoscaler's own is looked at, whatever the name.
  if (group === "" && kindName === "Namespace") return { path: "metrics" };
  const kind = kinds.find((one) => one.kind === kindName && one.group === group);
  if (!kind) {
    const problem = `unable to map kind ${kindName}${group && `.${group}`} to resource: no matches for kind "${kindName}" in group "${group}"`;
    return { problem };
  }
  const resource = `${kind.plural}${kind.group ? `.${kind.group}` : ""}`;
  return { path: `${resource}/${encodeURIComponent(name)}` };
}

function textOf(selector: LabelSelector | undefined): string {
  return selector ? formatSelector(selectorFromLabelSelector(selector)) : "";
}

function withQuery(path: string, query: Record<string, string>): string {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  return given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path;
}

async function read(client: Client, metric: MetricSpec, path: Path): Promise<MetricAnswer> {
  const api = metric.external ? "external metrics API" : "custom metrics API";
  const failed = (why: string): MetricAnswer => {
    return { type: "failed", problem: `unable to fetch metrics from ${api}: ${why}` };
  };
  if ("problem" in path) return failed(path.problem);
  try {
    const values = figuresIn(await client.raw("GET", path.path));
    if (values.length > 0) return { type: "read", values };
    return { type: "failed", problem: `no metrics returned from ${api}` };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const isUnserved = error.code === 404 && error.message === errors.noSuchPath().message;
    return isUnserved
      ? { type: "failed", problem: unservedProblem(metric) }
      : failed(error.message);
  }
}

interface Item {
  readonly describedObject?: { readonly name?: string };
  readonly timestamp?: string;
  readonly value?: unknown;
  readonly windowSeconds?: number;
}

/** Where a value has no window of its own. Source: Kubernetes' own metrics server. */
const DEFAULT_WINDOW_SECONDS = 60;

function figuresIn(list: unknown): MetricFigure[] {
  const { items } = (list ?? {}) as { readonly items?: unknown };
  if (!Array.isArray(items)) return [];
  return (items as Item[]).flatMap(({ describedObject, timestamp, value, windowSeconds }) => {
    if (typeof value !== "string" || quantityProblem(value) !== undefined) return [];
    return [
      {
        name: describedObject?.name ?? "",
        millis: quantityToMillis(parseQuantity(value)),
        timestampMs: Date.parse(timestamp ?? "") || 0,
        windowMs: (windowSeconds ?? DEFAULT_WINDOW_SECONDS) * 1000,
      },
    ];
  });
}
