import type { Service, ServiceSpec } from "#api/schema/types";

const DEFAULT_AFFINITY_SECONDS = 10_800;

/** Mutates the draft. The cluster IP itself is allocated by the API server. */
export function setServiceDefaults(draft: Service): void {
  draft.spec ??= {};
  const { spec } = draft;
  spec.type ||= "ClusterIP";
  spec.sessionAffinity ||= "None";
  for (const port of spec.ports ?? []) {
    port.protocol ||= "TCP";
    port.targetPort ||= port.port;
  }
  defaultAffinity(spec);
  if (spec.type === "ExternalName") withoutClusterFields(spec);
  else defaultClusterFields(spec);
  draft.status ??= {};
  draft.status.loadBalancer ??= {};
}

function defaultAffinity(spec: ServiceSpec): void {
  if (spec.sessionAffinity === "ClientIP") {
    spec.sessionAffinityConfig ??= {};
    spec.sessionAffinityConfig.clientIP ??= {};
    spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= DEFAULT_AFFINITY_SECONDS;
  } else {
    delete spec.sessionAffinityConfig;
  }
}

/** One address family: the pod network is IPv4. clusterIP and the first of clusterIPs say the same. */
function defaultClusterFields(spec: ServiceSpec): void {
  spec.internalTrafficPolicy ||= "Cluster";
  spec.ipFamilyPolicy ||= "SingleStack";
  spec.ipFamilies ??= ["IPv4"];
  if (isReachableFromOutside(spec)) spec.externalTrafficPolicy ||= "Cluster";
  if (spec.type === "LoadBalancer") spec.allocateLoadBalancerNodePorts ??= true;
  if (spec.clusterIP) {
    if ((spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP];
  } else if (spec.clusterIPs?.[0]) {
    spec.clusterIP = spec.clusterIPs[0];
  }
}

/** An ExternalName service is a name and nothing else, also after it was something else. */
function withoutClusterFields(spec: ServiceSpec): void {
  delete spec.clusterIP;
  delete spec.clusterIPs;
  delete spec.ipFamilies;
  delete spec.ipFamilyPolicy;
  delete spec.internalTrafficPolicy;
}

export function isReachableFromOutside(spec: ServiceSpec): boolean {
  return (
    spec.type === "NodePort" ||
    spec.type === "LoadBalancer" ||
    (spec.type === "ClusterIP" && (spec.externalIPs ?? []).length > 0)
  );
}
