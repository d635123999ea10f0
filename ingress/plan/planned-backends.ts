import type { EndpointSlice, Ingress, IngressBackend, Service } from "#api/schema/types";
import { keyOf } from "#api/machinery/meta";
import { type Endpoint, endpointsOf } from "#ingress/plan/backends";
import type { ClusterView, Say } from "#ingress/plan/plan";
import type { Asked } from "#ingress/traffic/tracked";
import { optionsOf, watchingOf } from "#ingress/traffic/watch";

/** The backends of a plan: those that an Ingress names, each with its endpoints. */
export class PlannedBackends {
  readonly endpoints = new Map<string, readonly Endpoint[]>();
  readonly options = new Map<string, string>();
  readonly asked = new Map<string, Asked>();
  private readonly view: ClusterView;
  private readonly say: Say;

  constructor(view: ClusterView, say: Say) {
    this.view = view;
    this.say = say;
  }

  /** The backend's key; its endpoints are resolved once. */
  add(ingress: Ingress, wanted: IngressBackend): string | undefined {
    const name = wanted.service?.name;
    if (!name) {
      this.say(
        ingress,
        "ResourceBackend",
        "a resource backend cannot be served: name a Service instead",
      );
      return undefined;
    }
    const serviceKey = `${ingress.metadata.namespace}/${name}`;
    const service = this.view.service(serviceKey);
    const port = wanted.service?.port;
    const portName = port?.name ?? String(port?.number ?? "");
    const backend = `${serviceKey}:${portName}`;
    if (this.endpoints.has(backend)) return backend;
    const found = service?.spec.ports?.find((candidate) =>
      port?.name ? candidate.name === port.name : candidate.port === port?.number,
    );
    if (!service)
      this.say(
        ingress,
        "ServiceNotFound",
        `service ${serviceKey} is not there: requests get 503 until it is`,
      );
    else if (!found)
      this.say(
        ingress,
        "PortNotFound",
        `service ${serviceKey} has no port ${portName}: requests get 503`,
      );
    const slices = this.view.slices(serviceKey);
    this.endpoints.set(backend, found ? endpointsOf(slices, found.name ?? "") : []);
    if (service && found) this.watch(service, backend, slices);
    return backend;
  }

  private watch(service: Service, backend: string, slices: readonly EndpointSlice[]): void {
    const key = keyOf(service);
    const watching = watchingOf(this.view.autoscaler(key), slices);
    if (!watching) return;
    this.options.set(backend, optionsOf(watching));
    const backends = [...(this.asked.get(key)?.backends ?? []), backend];
    this.asked.set(key, { service, backends, question: watching.autoscaler?.status?.question });
  }
}
