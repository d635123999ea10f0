import type { KubeObject } from "#api/machinery/meta";
import { parseQuantity, type Quantity, quantityProblem } from "#api/machinery/quantity";
import { qualified, type ResourceName } from "#api/machinery/status-error";
import { type Amounts, pieces } from "#api/quota/amounts";
import { podUsage } from "#api/quota/pod-usage";
import type { PersistentVolumeClaim, Pod, Service } from "#api/schema/types";

/** Core resources that a quota may name without "count/". */
export const countedByPlural: readonly string[] = [
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
];

const serviceNames = ["services.loadbalancers", "services.nodeports"];
const OF_CLASS = ".storageclass.storage.k8s.io/";

/** The resource whose objects use up a quota's `name`; any other name is used up by pods. */
export function resourceCountedBy(name: string): ResourceName {
  if (name.startsWith("count/")) {
    const [plural = "", ...group] = name.slice("count/".length).split(".");
    return { plural, group: group.join(".") };
  }
  if (serviceNames.includes(name)) return { plural: "services", group: "" };
  if (name === "requests.storage" || name.includes(OF_CLASS)) {
    return { plural: "persistentvolumeclaims", group: "" };
  }
  return { plural: countedByPlural.includes(name) ? name : "pods", group: "" };
}

export function isSameResource(left: ResourceName, right: ResourceName): boolean {
  return left.plural === right.plural && left.group === right.group;
}

/** What one object uses up, by every name that a quota could give it. */
export function usageOf(resource: ResourceName, object: KubeObject): Amounts {
  if (resource.group === "" && resource.plural === "pods") return podUsage(object as Pod);
  const usage = new Map<string, Quantity>([[`count/${qualified(resource)}`, pieces(1)]]);
  if (resource.group !== "") return usage;
  if (countedByPlural.includes(resource.plural)) usage.set(resource.plural, pieces(1));
  if (resource.plural === "services") addServiceUsage(usage, object as Service);
  if (resource.plural === "persistentvolumeclaims") {
    addClaimUsage(usage, object as PersistentVolumeClaim);
  }
  return usage;
}

function addServiceUsage(usage: Map<string, Quantity>, { spec }: Service): void {
  const ports = spec?.ports ?? [];
  if (spec?.type === "LoadBalancer") {
    usage.set("services.loadbalancers", pieces(1));
    const allocates = spec.allocateLoadBalancerNodePorts !== false;
    const count = allocates ? ports.length : ports.filter(({ nodePort }) => nodePort).length;
    usage.set("services.nodeports", pieces(count));
  }
  if (spec?.type === "NodePort") usage.set("services.nodeports", pieces(ports.length));
}

function addClaimUsage(usage: Map<string, Quantity>, { spec }: PersistentVolumeClaim): void {
  const storage = spec?.resources?.requests?.["storage"];
  const storageClass = spec?.storageClassName;
  if (storageClass) usage.set(`${storageClass}${OF_CLASS}persistentvolumeclaims`, pieces(1));
  if (storage === undefined || quantityProblem(storage) !== undefined) return;
  usage.set("requests.storage", parseQuantity(storage));
  if (storageClass) usage.set(`${storageClass}${OF_CLASS}requests.storage`, parseQuantity(storage));
}
