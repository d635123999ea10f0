import { deploymentKind } from "#api/kinds/deployment";
import { strategyOf } from "#api/kinds/deployment-strategy";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { serviceKind } from "#api/kinds/service";
import { trafficReportKind } from "#api/kinds/traffic-report";
import { selectorFromMap } from "#api/machinery/labels";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Deployment, EndpointSlice, Service } from "#api/schema/types";
import type { Caches } from "#control-plane/controllers/controller";

/** What stands around a Deployment with a strategy: the Services that select its pods, their slices and reports. */
export interface Traffic {
  readonly reports: readonly TrafficReport[];
  readonly slices: readonly EndpointSlice[];
}

export const noTraffic: Traffic = { reports: [], slices: [] };

const SERVICE_LABEL = "kubernetes.io/service-name";

export function trafficAround(deployment: Deployment, caches: Caches): Traffic {
  const { namespace = "" } = deployment.metadata;
  const services = new Set(
    caches
      .inNamespace(serviceKind, namespace)
      .filter((service) => selects(service, deployment))
      .map(({ metadata }) => metadata.name),
  );
  if (services.size === 0) return noTraffic;
  return {
    reports: caches
      .inNamespace(trafficReportKind, namespace)
      .filter(({ spec }) => services.has(spec.service)),
    slices: caches
      .inNamespace(endpointSliceKind, namespace)
      .filter(({ metadata }) => services.has(metadata.labels?.[SERVICE_LABEL] ?? "")),
  };
}

export function keysOfReport(report: KubeObject, caches: Caches): readonly string[] {
  return deploymentsOf(report, (report as TrafficReport).spec.service, caches);
}

export function keysOfSlice(slice: KubeObject, caches: Caches): readonly string[] {
  return deploymentsOf(slice, slice.metadata.labels?.[SERVICE_LABEL], caches);
}

/** With a strategy: the others have no use for it. */
function deploymentsOf(
  { metadata }: KubeObject,
  serviceName: string | undefined,
  caches: Caches,
): readonly string[] {
  const { namespace = "" } = metadata;
  const service = serviceName && caches.get(serviceKind, `${namespace}/${serviceName}`);
  if (!service) return [];
  return caches
    .inNamespace(deploymentKind, namespace)
    .filter((deployment) => strategyOf(deployment) && selects(service, deployment))
    .map(keyOf);
}

function selects({ spec }: Service, deployment: Deployment): boolean {
  const selector = spec.selector ?? {};
  const labels = deployment.spec.template.metadata?.labels ?? {};
  return Object.keys(selector).length > 0 && selectorFromMap(selector).matches(labels);
}
