import type { EndpointSlice, Event, Ingress, IngressClass, Pod, Service } from "#api/schema/types";
import { ingressExplainer } from "#api/why/ingress";
import { clusterCheck, subjectOf, whyCommandOf } from "#cli/doctor/define-check";

const NEEDED = ["services", "endpointslices", "pods", "ingressclasses"];

/** By what `kaji why` says of each: hosts without endpoints, refused annotations, a class that nobody serves. */
export const ingressesAreServed = clusterCheck(
  "every Ingress is served",
  function* ({ objects }) {
    const ingresses = objects.of<Ingress>("Ingress");
    if (ingresses.length === 0) return;
    const around = {
      events: objects.of<Event>("Event"),
      services: objects.of<Service>("Service"),
      endpointSlices: objects.of<EndpointSlice>("EndpointSlice"),
      pods: objects.of<Pod>("Pod"),
      ingressClasses: objects.of<IngressClass>("IngressClass"),
    };
    for (const ingress of ingresses) {
      if (ingress.metadata.deletionTimestamp) continue;
      const trouble = ingressExplainer.trouble(ingress);
      const [state, ...reasons] = ingressExplainer.explain(ingress, around);
      const said = [...(trouble ? [state] : []), ...new Set(reasons)];
      if (said.length === 0) continue;
      yield {
        severity: "warning",
        subject: subjectOf(ingress),
        problem: said.join("; "),
        remedy: "see that the Service is there and that its pods are ready",
        command: whyCommandOf(ingress),
      };
    }
  },
  // What was not read would look as if it were not there.
  (plural) => NEEDED.includes(plural),
);
