import type { Surrounding, Surroundings } from "#api/why/explainer";
import { type LiveCollection, liveCollection, objectForm } from "#dashboard/model/live-collection";
import { pathOf, type Resource, resource, resources } from "#dashboard/model/resources";

/** Where each list that an explanation makes use of comes from. `podUse` has no watch: it is asked for. */
const sources: Readonly<Record<Exclude<Surrounding, "podUse">, Resource>> = {
  events: resources.events,
  pods: resources.pods,
  nodes: resources.nodes,
  replicaSets: resources.replicaSets,
  services: resources.services,
  endpointSlices: resources.endpointSlices,
  claims: resource("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
  trafficReports: resource("kaji.dev/v1alpha1", "TrafficReport", "trafficreports"),
  ingressClasses: resource("networking.k8s.io/v1", "IngressClass", "ingressclasses", false),
  storageClasses: resource("storage.k8s.io/v1", "StorageClass", "storageclasses", false),
};

export type ReadLists = ReadonlyMap<Surrounding, LiveCollection<unknown>>;

/** The lists around an object, live as long as somebody subscribes to them. */
export function listsAround(
  reads: readonly Surrounding[],
  { kind, namespace, name }: { kind: string; namespace: string | undefined; name: string },
): ReadLists {
  const lists = new Map<Surrounding, LiveCollection<unknown>>();
  for (const read of reads) {
    if (read === "podUse") continue;
    const query: Record<string, string> = {};
    // Of an object without a namespace only what is about it: there may be very many.
    if (!namespace && read === "events") query.fieldSelector = `involvedObject.name=${name}`;
    if (!namespace && read === "pods" && kind === "Node")
      query.fieldSelector = `spec.nodeName=${name}`;
    const path = pathOf(sources[read], namespace);
    lists.set(read, liveCollection({ path, query, form: objectForm<{ metadata: object }>() }));
  }
  return lists;
}

/** Lists that may not be read, or are not there yet, are left undefined: nothing is concluded from them. */
export function surroundingsOf(lists: ReadLists): Surroundings {
  const found: Partial<Record<Surrounding, unknown[]>> = {};
  for (const [read, list] of lists) {
    if (list.isComplete) found[read] = [...list.items.values()];
  }
  return found as Surroundings;
}
