import type {
  EndpointSlice,
  Ingress,
  IngressBackend,
  IngressClass,
  Secret,
  Service,
} from "#api/schema/types";
import { keyOf } from "#api/machinery/meta";
import { type Endpoint, endpointsOf } from "#ingress/plan/backends";
import { compareRoutes, hostKey, type Route } from "#ingress/plan/routes";

/**
 * What nginx shall do, from what the cluster says: pure, so that tests read it. Hosts with their routes,
 * backends with their endpoints, certificates by host. Never an entry per tenant in nginx's own file.
 */
export interface IngressPlan {
  /** By host: "shop.example", "*.example", or "" for every other host. */
  readonly hosts: ReadonlyMap<string, HostPlan>;
  /** By "namespace/service:port". */
  readonly backends: ReadonlyMap<string, readonly Endpoint[]>;
  /** By host: PEM certificate chain and key. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly problems: readonly Problem[];
  /** The Ingresses that this controller serves. */
  readonly served: readonly Ingress[];
}

export interface HostPlan {
  readonly redirectsToHttps: boolean;
  /** Most specific first. */
  readonly routes: readonly Route[];
}

export interface Certificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Something that a user asked for and does not get, with the object it is said on. */
export interface Problem {
  readonly about: Ingress;
  readonly reason: string;
  readonly message: string;
}

export interface ClusterView {
  readonly ingresses: readonly Ingress[];
  readonly classes: readonly IngressClass[];
  service(key: string): Service | undefined;
  secret(key: string): Secret | undefined;
  /** The slices of a service. */
  slices(serviceKey: string): readonly EndpointSlice[];
}

export const CONTROLLER_NAME = "kaji.dev/ingress";
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const SSL_REDIRECT_ANNOTATION = "nginx.ingress.kubernetes.io/ssl-redirect";

export function planIngress(view: ClusterView): IngressPlan {
  const served = view.ingresses.filter((ingress) => isServed(ingress, view.classes)).sort(byAge);
  const builder = new PlanBuilder(view);
  for (const ingress of served) builder.addIngress(ingress);
  return builder.finish(served);
}

/** The oldest Ingress wins a path that two of them claim. */
function byAge(a: Ingress, b: Ingress): number {
  const created = (ingress: Ingress): string => ingress.metadata.creationTimestamp ?? "";
  return created(a).localeCompare(created(b)) || keyOf(a).localeCompare(keyOf(b));
}

/** Ours by class; without a class, ours unless another controller's class is the default one. */
function isServed(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const wanted = ingress.spec.ingressClassName ?? ingress.metadata.annotations?.[CLASS_ANNOTATION];
  if (wanted !== undefined) {
    const known = classes.find(({ metadata }) => metadata.name === wanted);
    return known
      ? known.spec.controller === CONTROLLER_NAME
      : wanted === "kaji" || wanted === "nginx";
  }
  const standard = classes.find(
    ({ metadata }) =>
      metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true",
  );
  return !standard || standard.spec.controller === CONTROLLER_NAME;
}

class PlanBuilder {
  private readonly hosts = new Map<string, { redirectsToHttps: boolean; routes: Route[] }>();
  private readonly backends = new Map<string, readonly Endpoint[]>();
  private readonly certificates = new Map<string, Certificate>();
  private readonly problems: Problem[] = [];
  private readonly view: ClusterView;

  constructor(view: ClusterView) {
    this.view = view;
  }

  addIngress(ingress: Ingress): void {
    const secured = this.addCertificates(ingress);
    const redirects = ingress.metadata.annotations?.[SSL_REDIRECT_ANNOTATION] !== "false";
    for (const rule of ingress.spec.rules ?? []) {
      const host = hostKey(rule.host ?? "");
      const plan = this.host(host);
      if (redirects && secured.has(host)) plan.redirectsToHttps = true;
      for (const path of rule.http?.paths ?? []) {
        this.addRoute(ingress, plan.routes, path.pathType, path.path ?? "/", path.backend);
      }
      if (ingress.spec.defaultBackend) {
        this.addRoute(ingress, plan.routes, "Prefix", "/", ingress.spec.defaultBackend);
      }
    }
    if (ingress.spec.defaultBackend) {
      this.addRoute(ingress, this.host("").routes, "Prefix", "/", ingress.spec.defaultBackend);
    }
  }

  finish(served: readonly Ingress[]): IngressPlan {
    for (const host of this.hosts.values()) host.routes.sort(compareRoutes);
    const { hosts, backends, certificates, problems } = this;
    return { hosts, backends, certificates, problems, served };
  }

  private host(name: string): { redirectsToHttps: boolean; routes: Route[] } {
    const known = this.hosts.get(name);
    if (known) return known;
    const made = { redirectsToHttps: false, routes: [] };
    this.hosts.set(name, made);
    return made;
  }

  private addRoute(
    ingress: Ingress,
    routes: Route[],
    pathType: string,
    path: string,
    wanted: IngressBackend,
  ): void {
    const type = pathType === "Exact" ? "exact" : "prefix";
    if (routes.some((route) => route.type === type && route.path === path)) return;
    const backend = this.addBackend(ingress, wanted);
    if (backend) routes.push({ type, path, backend });
  }

  /** The backend's key; its endpoints are resolved once. */
  private addBackend(ingress: Ingress, wanted: IngressBackend): string | undefined {
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
    if (this.backends.has(backend)) return backend;
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
    const endpoints = found ? endpointsOf(this.view.slices(serviceKey), found.name ?? "") : [];
    this.backends.set(backend, endpoints);
    return backend;
  }

  private addCertificates(ingress: Ingress): ReadonlySet<string> {
    const secured = new Set<string>();
    for (const tls of ingress.spec.tls ?? []) {
      const hosts = tls.hosts?.length
        ? tls.hosts
        : (ingress.spec.rules ?? []).flatMap(({ host }) => host ?? []);
      const certificate = tls.secretName && this.certificate(ingress, tls.secretName);
      if (!certificate) continue;
      for (const host of hosts.map(hostKey)) {
        secured.add(host);
        if (!this.certificates.has(host)) this.certificates.set(host, certificate);
      }
    }
    return secured;
  }

  private certificate(ingress: Ingress, secretName: string): Certificate | undefined {
    const key = `${ingress.metadata.namespace}/${secretName}`;
    const data = this.view.secret(key)?.data;
    const certificate = data?.["tls.crt"];
    const privateKey = data?.["tls.key"];
    if (!certificate || !privateKey) {
      const what = data ? "has no tls.crt and tls.key" : "is not there";
      this.say(
        ingress,
        "CertificateNotFound",
        `secret ${key} ${what}: the host is served with a self-signed certificate`,
      );
      return undefined;
    }
    return { certificatePem: fromBase64(certificate), keyPem: fromBase64(privateKey) };
  }

  private say(about: Ingress, reason: string, message: string): void {
    this.problems.push({ about, reason, message });
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
