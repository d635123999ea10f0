import type { Kind } from "#api/machinery/define-kind";
import { parseLabelSelector } from "#api/machinery/labels";
import type { Requirement } from "#api/machinery/label-requirement";
import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiResponse } from "#client/transport";
import type { ResourceRequest } from "#control-plane/apiserver/rest/context";
import type { DiscoveryResource, DynamicGroup } from "#control-plane/apiserver/serving/groups";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { resourceKind } from "#control-plane/metrics/rules";
import type { MetricsSource } from "#control-plane/metrics/source";

/**
 * custom.metrics.k8s.io and external.metrics.k8s.io: metrics as resources, whose names are known to the source alone.
 * Paths of the first: namespaces/NS/RESOURCE/NAME/METRIC (NAME "*": all, by labelSelector), RESOURCE/NAME/METRIC for
 * objects without a namespace, namespaces/NS/metrics/METRIC for the namespace itself; of the second:
 * namespaces/NS/METRIC.
 */
export function metricsGroups(source: MetricsSource, feed: Feed): DynamicGroup[] {
  return [
    {
      group: "custom.metrics.k8s.io",
      version: "v1beta2",
      resources: async () => customResources(source),
      serve: (request) => serveCustom(source, feed, request),
    },
    {
      group: "external.metrics.k8s.io",
      version: "v1beta1",
      resources: async () => externalResources(source),
      serve: (request) => serveExternal(source, request),
    },
  ];
}

type MetricsRequest = Omit<ResourceRequest, "kind"> & { readonly plural: string };

async function serveCustom(
  source: MetricsSource,
  feed: Feed,
  request: MetricsRequest,
): Promise<ApiResponse> {
  if (request.verb !== "get") throw errors.methodNotAllowed();
  const { kind, name, metric, namespace } = described(request);
  const names = name === "*" ? namesOf(feed, kind, namespace, request) : [name];
  const selector = requirementsOf(request, "metricLabelSelector");
  const items = await source.ofObjects({ kind, namespace, names, metric, selector });
  if (items.length === 0 && name !== "*") {
    const resource = `${kind.plural}${kind.group ? `.${kind.group}` : ""}`;
    const message = `the server could not find the metric ${metric} for ${resource} ${name}`;
    throw new StatusError(404, "NotFound", message, {});
  }
  const apiVersion = "custom.metrics.k8s.io/v1beta2";
  return jsonResponse(200, { kind: "MetricValueList", apiVersion, metadata: {}, items });
}

interface Described {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly metric: string;
}

function described({ plural, namespace, name, subresource }: MetricsRequest): Described {
  if (plural === "metrics" && namespace !== undefined && name && subresource === undefined) {
    const kind = resourceKind("namespaces", "");
    if (kind) return { kind, namespace: undefined, name: namespace, metric: name };
  }
  const [resource = "", ...group] = plural.split(".");
  const kind = resourceKind(resource, group.join("."));
  const isPlaced = (namespace !== undefined) === kind?.isNamespaced;
  if (!kind || !isPlaced || !name || subresource === undefined) throw errors.noSuchPath();
  return { kind, namespace, name, metric: subresource };
}

function namesOf(
  feed: Feed,
  kind: Kind,
  namespace: string | undefined,
  { request }: MetricsRequest,
): string[] {
  const labels = parseLabelSelector(request.query.get("labelSelector") ?? "");
  const names: string[] = [];
  for (const { object } of feed.cacheOf(kind).range(namespace)) {
    if (labels.matches(object.metadata.labels)) names.push(object.metadata.name);
  }
  return names;
}

async function serveExternal(source: MetricsSource, request: MetricsRequest): Promise<ApiResponse> {
  const { verb, namespace, plural: metric } = request;
  if (verb !== "list") throw errors.methodNotAllowed();
  if (namespace === undefined) throw errors.noSuchPath();
  const selector = requirementsOf(request, "labelSelector");
  const items = await source.external({ namespace, metric, selector });
  const apiVersion = "external.metrics.k8s.io/v1beta1";
  return jsonResponse(200, { kind: "ExternalMetricValueList", apiVersion, metadata: {}, items });
}

function requirementsOf({ request }: MetricsRequest, parameter: string): readonly Requirement[] {
  return parseLabelSelector(request.query.get(parameter) ?? "").requirements;
}

async function customResources(source: MetricsSource): Promise<DiscoveryResource[]> {
  const { custom } = await source.list();
  const rows = custom.flatMap(({ name, resources }) =>
    [...resources.keys()].map(({ plural, group, isNamespaced }) => ({
      name: `${plural}${group ? `.${group}` : ""}/${name}`,
      ...{ singularName: "", namespaced: isNamespaced, kind: "MetricValueList", verbs: ["get"] },
    })),
  );
  return unique(rows);
}

async function externalResources(source: MetricsSource): Promise<DiscoveryResource[]> {
  const { external } = await source.list();
  const row = {
    singularName: "",
    namespaced: true,
    kind: "ExternalMetricValueList",
    verbs: ["get"],
  };
  return unique(external.map(({ name }) => ({ name, ...row })));
}

function unique(rows: readonly DiscoveryResource[]): DiscoveryResource[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
