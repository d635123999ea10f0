import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type {
  EndpointSlice,
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  Secret,
  Service,
} from "#api/schema/types";
import { keyOf } from "#api/machinery/meta";
import { withOrWithoutWww } from "#api/tenants/ingress-hosts";
import type { Endpoint } from "#ingress/plan/backends";
import type { Asked } from "#ingress/traffic/tracked";
import { PlannedBackends } from "#ingress/plan/planned-backends";
import { PlannedCertificates } from "#ingress/plan/planned-certificates";
import { annotationsOf } from "#ingress/annotations/read";
import { addCanaries } from "#ingress/plan/canaries";
import type { Certificate } from "#ingress/plan/certificates";
import { classProblem, isServed } from "#ingress/plan/classes";
import { Policies } from "#ingress/plan/policies";
import {
  compareRoutes,
  type HostPlan,
  hostKey,
  type Policy,
  type Route,
} from "#ingress/plan/routes";
import { regex } from "#ingress/annotations/regex";

/**
 * What nginx shall do, from what the cluster says: pure, so that tests read it. Hosts with their routes,
 * backends with their endpoints, certificates by host. Never an entry per tenant in nginx's own file.
 */
export interface IngressPlan {
  /** By host: "shop.example", "*.example", or "" for every other host. */
  readonly hosts: ReadonlyMap<string, HostPlan>;
  /** By "namespace/service:port". */
  readonly backends: ReadonlyMap<string, readonly Endpoint[]>;
  /** Of a backend's entry, where it has any. */
  readonly options: ReadonlyMap<string, string>;
  /** By "namespace/service": whose traffic somebody asks for. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** By host: PEM certificate chain and key. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly problems: readonly Problem[];
  /** The Ingresses that this controller serves. */
  readonly served: readonly Ingress[];
}

/** Something that a user asked for and does not get, with the object it is said on. */
export interface Problem {
  readonly about: Ingress;
  readonly reason: string;
  readonly message: string;
}

export type Say = (about: Ingress, reason: string, message: string) => void;

export interface ClusterView {
  readonly ingresses: readonly Ingress[];
  readonly classes: readonly IngressClass[];
  service(key: string): Service | undefined;
  secret(key: string): Secret | undefined;
  /** A Secret with users and passwords; "loading": not known yet; "too many": of its namespace are watched. */
  passwordSecret(key: string): Secret | undefined | "loading" | "too many";
  /** "namespace/name" of the certificate for hosts that bring none. */
  readonly defaultCertificate?: string;
  /** Of those that name this service, the one that counts. */
  autoscaler(serviceKey: string): RequestAutoscaler | undefined;
  /** The slices of a service. */
  slices(serviceKey: string): readonly EndpointSlice[];
}

/** `former`: certificates as they were served last, which stay where a new one cannot be used. */
export function planIngress(
  view: ClusterView,
  former: IngressPlan["certificates"] = new Map(),
): IngressPlan {
  const served = view.ingresses.filter((ingress) => isServed(ingress, view.classes)).sort(byAge);
  const builder = new PlanBuilder(view, former);
  const isCanary = (ingress: Ingress): boolean => annotationsOf(ingress).fields.has("canary");
  for (const ingress of served) if (!isCanary(ingress)) builder.addIngress(ingress);
  for (const ingress of served) if (!isCanary(ingress)) builder.addOtherNames(ingress);
  for (const ingress of served) if (isCanary(ingress)) builder.addCanary(ingress);
  return builder.finish(served);
}

/** The oldest Ingress wins a path that two of them claim. */
function byAge(a: Ingress, b: Ingress): number {
  const created = (ingress: Ingress): string => ingress.metadata.creationTimestamp ?? "";
  return created(a).localeCompare(created(b)) || keyOf(a).localeCompare(keyOf(b));
}

class PlanBuilder {
  private readonly hosts = new Map<string, Route[]>();
  private readonly backends: PlannedBackends;
  private readonly certificates: PlannedCertificates;
  private readonly problems: Problem[] = [];
  private readonly view: ClusterView;
  private readonly say: Say = (about, reason, message) => {
    this.problems.push({ about, reason, message });
  };

  constructor(view: ClusterView, former: IngressPlan["certificates"]) {
    this.view = view;
    this.backends = new PlannedBackends(view, this.say);
    this.certificates = new PlannedCertificates(view, former, this.say);
  }

  addIngress(ingress: Ingress): void {
    const problem = classProblem(ingress, this.view.classes);
    if (problem) this.say(ingress, "ClassParameters", problem);
    const secured = this.certificates.add(ingress);
    const policies = this.policiesOf(ingress);
    const { rules = [], defaultBackend } = ingress.spec;
    for (const rule of rules) {
      const host = hostKey(rule.host ?? "");
      const policy = policies.of({ isSecured: secured.has(host) });
      const routes = this.host(host);
      for (const path of rule.http?.paths ?? []) this.addPath(ingress, routes, path, policy);
      if (defaultBackend) this.addRoute(ingress, routes, "prefix", "/", defaultBackend, policy);
    }
    if (defaultBackend) {
      const policy = policies.of({ isSecured: secured.has("") });
      this.addRoute(ingress, this.host(""), "prefix", "/", defaultBackend, policy);
    }
  }

  /** Aliases, and the host with or without "www.", where no Ingress has rules for them. */
  addOtherNames(ingress: Ingress): void {
    const { fields } = annotationsOf(ingress);
    const aliases = fields.get("server-alias")?.split(",") ?? [];
    for (const { host = "" } of ingress.spec.rules ?? []) {
      const routes = this.host(hostKey(host)).filter((route) => route.ingress === keyOf(ingress));
      for (const alias of aliases) this.addOtherName(ingress, "server-alias", alias, routes);
      if (!fields.has("from-to-www-redirect") || host === "" || host.startsWith("*")) continue;
      const other = hostKey(withOrWithoutWww(host));
      const policy = new Map([["host-redirect", hostKey(host)]]);
      const redirect: Route = { type: "prefix", path: "/", backend: "", policy };
      this.addOtherName(ingress, "from-to-www-redirect", other, [redirect]);
    }
  }

  /** An Ingress that has some of the requests to another one's paths. */
  addCanary(ingress: Ingress): void {
    const { fields, problems } = annotationsOf(ingress);
    for (const { reason, message } of problems) this.say(ingress, reason, message);
    for (const { host, http } of ingress.spec.rules ?? []) {
      for (const path of http?.paths ?? []) {
        const backend = this.backends.add(ingress, path.backend);
        if (!backend) continue;
        const routes = this.hosts.get(hostKey(host ?? "")) ?? [];
        const { namespace = "" } = ingress.metadata;
        if (addCanaries(routes, { namespace, path: path.path ?? "/" }, { backend, fields })) {
          continue;
        }
        const where = `${host ?? "*"}${path.path ?? "/"}`;
        this.say(ingress, "CanaryAlone", `no other Ingress has ${where}: nothing is served there`);
      }
    }
  }

  finish(served: readonly Ingress[]): IngressPlan {
    const hosts = new Map<string, HostPlan>();
    for (const [host, routes] of this.hosts)
      hosts.set(host, { routes: routes.sort(compareRoutes) });
    const { endpoints: backends, options, asked } = this.backends;
    const { problems, certificates } = this;
    return { hosts, backends, options, asked, certificates: certificates.byHost, problems, served };
  }

  private host(name: string): Route[] {
    const known = this.hosts.get(name);
    if (known) return known;
    const made: Route[] = [];
    this.hosts.set(name, made);
    return made;
  }

  private policiesOf(ingress: Ingress): Policies {
    const fallback = annotationsOf(ingress).fields.get("default-backend");
    const [port] = this.view.service(`${ingress.metadata.namespace}/${fallback}`)?.spec.ports ?? [];
    const backend =
      fallback && this.backends.add(ingress, { service: { name: fallback, port: numberOf(port) } });
    const say = (reason: string, message: string): void => this.say(ingress, reason, message);
    return new Policies(ingress, this.view, say, backend);
  }

  private addOtherName(
    ingress: Ingress,
    why: string,
    name: string,
    routes: readonly Route[],
  ): void {
    const host = hostKey(name);
    if (this.hosts.has(host)) {
      this.say(ingress, "HostTaken", `${why}: host ${host} has rules of its own, which are served`);
    } else {
      this.hosts.set(host, [...routes]);
    }
  }

  private addPath(
    ingress: Ingress,
    routes: Route[],
    { path = "/", pathType, backend }: HTTPIngressPath,
    policy: Policy | undefined,
  ): void {
    const { fields } = annotationsOf(ingress);
    if (!fields.has("use-regex") && !fields.has("rewrite-target")) {
      const type = pathType === "Exact" ? "exact" : "prefix";
      this.addRoute(ingress, routes, type, path, backend, policy);
      return;
    }
    const pattern = regex(path);
    if ("value" in pattern) {
      this.addRoute(ingress, routes, "regex", pattern.value, backend, policy);
    } else {
      this.say(ingress, "PathRefused", `path ${path} ${pattern.problem}: it is not served`);
    }
  }

  private addRoute(
    ingress: Ingress,
    routes: Route[],
    type: Route["type"],
    path: string,
    wanted: IngressBackend,
    policy: Policy | undefined,
  ): void {
    if (routes.some((route) => route.type === type && route.path === path)) return;
    const backend = this.backends.add(ingress, wanted);
    if (!backend) return;
    routes.push({ type, path, backend, ingress: keyOf(ingress), ...(policy ? { policy } : {}) });
  }
}

function numberOf(port: { readonly port: number } | undefined): { number: number } {
  return { number: port?.port ?? 0 };
}
