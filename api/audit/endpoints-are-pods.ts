import { defineAudit } from "#api/audit/define-audit";
import { selectorFromMap } from "#api/machinery/labels";
import { keyOf } from "#api/machinery/meta";
import type { Endpoint, EndpointSlice, Pod, Service } from "#api/schema/types";

const SERVICE_LABEL = "kubernetes.io/service-name";
const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER = "endpointslice-controller.k8s.io";

export const endpointsArePods = defineAudit({
  name: "endpoints-are-pods",
  invariant: "An EndpointSlice lists only pods of its service, at the address that each has.",
  isEventual: true,
  *check(objects) {
    const pods = new Map(objects.of<Pod>("Pod").map((pod) => [keyOf(pod), pod]));
    const services = new Map(
      objects.of<Service>("Service").map((service) => [keyOf(service), service]),
    );
    for (const slice of objects.of<EndpointSlice>("EndpointSlice")) {
      const { namespace, labels } = slice.metadata;
      const service = services.get(`${namespace}/${labels?.[SERVICE_LABEL]}`);
      if (labels?.[MANAGED_BY_LABEL] === CONTROLLER && !service) {
        yield { object: slice, message: "its service does not exist" };
      }
      for (const endpoint of slice.endpoints) {
        const message = problemOf(endpoint, slice, pods, service);
        if (message) yield { object: slice, message };
      }
    }
  },
});

function problemOf(
  endpoint: Endpoint,
  slice: EndpointSlice,
  pods: ReadonlyMap<string, Pod>,
  service: Service | undefined,
): string | undefined {
  const { targetRef, addresses } = endpoint;
  if (targetRef?.kind !== "Pod") return undefined;
  const pod = pods.get(`${targetRef.namespace ?? slice.metadata.namespace}/${targetRef.name}`);
  const title = `pod "${targetRef.name}"`;
  if (!pod || (targetRef.uid && targetRef.uid !== pod.metadata.uid)) {
    return `it lists ${title}, which does not exist`;
  }
  if (pod.status?.podIP && !addresses.includes(pod.status.podIP)) {
    return `it lists ${title} at ${addresses.join(", ")}, and the pod is at ${pod.status.podIP}`;
  }
  const selector = service?.spec.selector;
  if (selector && !selectorFromMap(selector).matches(pod.metadata.labels)) {
    return `it lists ${title}, which service "${service.metadata.name}" does not select`;
  }
  return undefined;
}
