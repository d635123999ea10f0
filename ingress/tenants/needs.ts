import { X509Certificate } from "node:crypto";
import { keyOf } from "#api/machinery/meta";
import type { Asked } from "#ingress/traffic/tracked";
import { type Endpoint, endpointsOf } from "#ingress/plan/backends";
import { type Certificate, certificateOf } from "#ingress/plan/certificates";
import type { ClusterView, IngressPlan } from "#ingress/plan/plan";
import { hostKey } from "#ingress/plan/routes";
import { optionsOf, watchingOf } from "#ingress/traffic/watch";

/**
 * What tenants need of the plan that no Ingress names: the Services that answer them and their plans' certificates.
 * Only what exists: a fleet, and the workloads that are made. A tenant that never had a request adds nothing.
 */
export interface TenantNeeds {
  /** "namespace/service:port" */
  backends(): Iterable<string>;
  /** "namespace/name" of Secrets. */
  certificates(): Iterable<string>;
}

/** Where an Ingress says something about a host or a backend, that stays. */
export function withTenants(plan: IngressPlan, view: ClusterView, needs: TenantNeeds): IngressPlan {
  const backends = new Map(plan.backends);
  const options = new Map(plan.options);
  const asked = new Map(plan.asked);
  for (const backend of needs.backends()) {
    if (!backends.has(backend)) addBackend(view, backend, { backends, options, asked });
  }
  const certificates = new Map(plan.certificates);
  for (const key of needs.certificates()) {
    const secret = view.secret(key);
    const certificate = secret && certificateOf(secret).certificate;
    for (const host of certificate ? namesOf(certificate) : []) {
      if (certificate && !certificates.has(host)) certificates.set(host, certificate);
    }
  }
  return { ...plan, backends, options, asked, certificates };
}

interface Parts {
  readonly backends: Map<string, readonly Endpoint[]>;
  readonly options: Map<string, string>;
  readonly asked: Map<string, Asked>;
}

/** Without the Service there is no entry, so that requests wait for one that is being made. */
function addBackend(view: ClusterView, backend: string, { backends, options, asked }: Parts): void {
  const colon = backend.lastIndexOf(":");
  const serviceKey = backend.slice(0, colon);
  const service = view.service(serviceKey);
  const port = service?.spec.ports?.find((one) => one.port === Number(backend.slice(colon + 1)));
  if (!service || !port) return;
  const slices = view.slices(serviceKey);
  backends.set(backend, endpointsOf(slices, port.name ?? ""));
  const watching = watchingOf(view.autoscaler(serviceKey), slices);
  if (!watching) return;
  options.set(backend, optionsOf(watching));
  const known = asked.get(serviceKey)?.backends ?? [];
  const question = watching.autoscaler?.status?.question;
  asked.set(keyOf(service), { service, backends: [...known, backend], question });
}

/** The names in a certificate, wildcards as they are written. */
function namesOf({ certificatePem }: Certificate): readonly string[] {
  const { subjectAltName = "" } = new X509Certificate(certificatePem);
  return subjectAltName
    .split(", ")
    .filter((name) => name.startsWith("DNS:"))
    .map((name) => hostKey(name.slice("DNS:".length)));
}
