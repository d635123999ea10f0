import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { Requirement } from "#api/machinery/label-requirement";
import { formatQuantity } from "#api/machinery/quantity";
import { StatusError } from "#api/machinery/status-error";
import { MetricCatalog, type MetricEntry, type MetricList } from "#control-plane/metrics/catalog";
import { anyOf, type Matcher, matcherOf, renderQuery } from "#control-plane/metrics/promql";
import type { Prometheus, Sample } from "#control-plane/metrics/prometheus";
import type { MetricRules } from "#control-plane/metrics/rules";
import { toTime } from "#kit/clock";

/** Answers for custom.metrics.k8s.io and external.metrics.k8s.io, from a Prometheus. */
export interface MetricsSource {
  list(): Promise<MetricList>;
  /** MetricValues of objects of one kind. Those without a figure are left out. */
  ofObjects(asked: ObjectsAsked): Promise<object[]>;
  /** ExternalMetricValues. */
  external(asked: ExternalAsked): Promise<object[]>;
}

export interface ObjectsAsked {
  readonly kind: Kind;
  /** undefined for objects without one. */
  readonly namespace: string | undefined;
  readonly names: readonly string[];
  readonly metric: string;
  readonly selector: readonly Requirement[];
}

export interface ExternalAsked {
  readonly namespace: string;
  readonly metric: string;
  readonly selector: readonly Requirement[];
}

const namespaceKind = kinds.find(({ group, plural }) => group === "" && plural === "namespaces");

export function createMetricsSource(
  prometheus: Prometheus,
  rules: MetricRules,
  nowMs: () => number,
): MetricsSource {
  const catalog = new MetricCatalog(prometheus, rules, nowMs);

  async function ofObjects(asked: ObjectsAsked): Promise<object[]> {
    const { kind, namespace, names, metric, selector } = asked;
    const entry = await catalog.find(({ custom }) =>
      custom.find(({ name, resources }) => name === metric && resources.has(kind)),
    );
    const label = entry?.resources.get(kind);
    if (!entry || label === undefined) throw notFound(metric, kind);
    if (names.length === 0) return [];
    const matchers = [
      ...inNamespace(entry, namespace),
      anyOf(label, names),
      ...selector.map(matcherOf),
    ];
    const { series, rule } = entry;
    const query = renderQuery(rule.metricsQuery, { series, matchers, groupBy: [label] });
    const wanted = new Set(names);
    const samples = (await prometheus.query(query)).filter(({ labels }) =>
      wanted.has(labels[label] ?? ""),
    );
    return samples.flatMap((sample) => valueOf(asked, sample.labels[label] ?? "", sample));
  }

  async function external({ namespace, metric, selector }: ExternalAsked): Promise<object[]> {
    const entry = await catalog.find((list) => list.external.find(({ name }) => name === metric));
    if (!entry) throw notFound(metric);
    const { rule, series } = entry;
    const place = rule.isNamespaced ? [anyOf(namespaceLabel(entry), [namespace])] : [];
    const matchers = [...place, ...selector.map(matcherOf)];
    const groupBy = place.map(({ label }) => label);
    const samples = await prometheus.query(
      renderQuery(rule.metricsQuery, { series, matchers, groupBy }),
    );
    return samples.flatMap((sample) => {
      const value = amountOf(sample);
      if (value === undefined) return [];
      const { __name__: _, ...metricLabels } = sample.labels;
      return [{ metricName: metric, metricLabels, timestamp: toTime(sample.timestampMs), value }];
    });
  }

  return { list: () => catalog.list(), ofObjects, external };
}

/** Without the label of the namespace, everybody would see the objects of the same name of all others. */
function inNamespace(entry: MetricEntry, namespace: string | undefined): Matcher[] {
  return namespace === undefined ? [] : [anyOf(namespaceLabel(entry), [namespace])];
}

function namespaceLabel({ rule }: MetricEntry): string {
  return (namespaceKind && rule.labelOf(namespaceKind)) ?? "namespace";
}

function valueOf(
  { kind, namespace, metric }: ObjectsAsked,
  name: string,
  sample: Sample,
): object[] {
  const value = amountOf(sample);
  if (value === undefined) return [];
  const place = namespace === undefined ? {} : { namespace };
  const describedObject = { kind: kind.kind, ...place, name, apiVersion: apiVersionOf(kind) };
  const timestamp = toTime(sample.timestampMs);
  return [{ describedObject, metric: { name: metric, selector: null }, timestamp, value }];
}

/** Thousandths, as quantities of metrics are. undefined: no number (0/0), or one that no quantity can be. */
function amountOf({ value }: Sample): string | undefined {
  const millis = Math.round(value * 1000);
  if (!Number.isFinite(millis) || Math.abs(millis) > Number.MAX_SAFE_INTEGER) return undefined;
  return formatQuantity({ nanos: BigInt(millis) * 1_000_000n, format: "DecimalSI" });
}

function notFound(metric: string, kind?: Kind): StatusError {
  const what = kind ? ` for ${kind.plural}${kind.group ? `.${kind.group}` : ""}` : "";
  const message = `the server could not find the metric ${metric}${what}`;
  return new StatusError(404, "NotFound", message, {});
}
