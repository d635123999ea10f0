import { describe, expect, test } from "vitest";
import type { EndpointSlice, Ingress, IngressClass, Secret, Service } from "#api/schema/types";
import { type ClusterView, planIngress } from "#ingress/plan/plan";

function ingress(
  name: string,
  spec: Ingress["spec"],
  metadata: Partial<Ingress["metadata"]> = {},
): Ingress {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec,
  };
}

function path(at: string, service: string, pathType = "Prefix") {
  return { path: at, pathType, backend: { service: { name: service, port: { number: 80 } } } };
}

function service(name: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports: [{ name: "http", port: 80 }] },
  };
}

function slice(endpoints: EndpointSlice["endpoints"]): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-1", namespace: "default" },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints,
  };
}

function endpoint(address: string, conditions: { ready: boolean; terminating?: boolean }) {
  return {
    addresses: [address],
    conditions,
    targetRef: { kind: "Pod", namespace: "default", name: `pod-${address}`, uid: address },
  };
}

function view(parts: {
  ingresses: Ingress[];
  classes?: IngressClass[];
  services?: Service[];
  slices?: EndpointSlice[];
  secrets?: Secret[];
}): ClusterView {
  const byKey = <T extends { metadata: { name: string } }>(
    list: T[] | undefined,
    key: string,
  ): T | undefined => list?.find(({ metadata }) => `default/${metadata.name}` === key);
  return {
    ingresses: parts.ingresses,
    classes: parts.classes ?? [],
    service: (key) => byKey(parts.services ?? [service("web"), service("api")], key),
    secret: (key) => byKey(parts.secrets, key),
    slices: () => parts.slices ?? [],
  };
}

const oneHost = ingress("shop", {
  rules: [{ host: "Shop.Example", http: { paths: [path("/", "web")] } }],
});

describe("planning an ingress", () => {
  test("a host leads to its service's ready endpoints, whatever the case of its name", () => {
    const plan = planIngress(
      view({ ingresses: [oneHost], slices: [slice([endpoint("10.0.0.2", { ready: true })])] }),
    );
    expect(plan.hosts.get("shop.example")?.routes).toEqual([
      { type: "prefix", path: "/", backend: "default/web:80" },
    ]);
    expect(plan.backends.get("default/web:80")).toEqual([
      {
        address: "10.0.0.2",
        port: 8080,
        pod: { namespace: "default", name: "pod-10.0.0.2", uid: "10.0.0.2" },
      },
    ]);
    expect(plan.problems).toEqual([]);
  });

  test("an endpoint that is not ready or terminating gets no request", () => {
    const endpoints = [
      endpoint("10.0.0.1", { ready: false }),
      endpoint("10.0.0.2", { ready: true, terminating: true }),
      endpoint("10.0.0.3", { ready: true }),
    ];
    const plan = planIngress(view({ ingresses: [oneHost], slices: [slice(endpoints)] }));
    expect(plan.backends.get("default/web:80")?.map(({ address }) => address)).toEqual([
      "10.0.0.3",
    ]);
  });

  test("exact paths come before prefixes and longer prefixes before shorter ones", () => {
    const paths = [
      path("/", "web"),
      path("/a/b", "web"),
      path("/a", "api", "Exact"),
      path("/a", "web"),
    ];
    const plan = planIngress(
      view({ ingresses: [ingress("x", { rules: [{ host: "h", http: { paths } }] })] }),
    );
    expect(plan.hosts.get("h")?.routes.map(({ type, path: at }) => `${type} ${at}`)).toEqual([
      "exact /a",
      "prefix /a/b",
      "prefix /a",
      "prefix /",
    ]);
  });

  test("of two that claim the same path the older one wins", () => {
    const rules = (name: string) => ({
      rules: [{ host: "h", http: { paths: [path("/", name)] } }],
    });
    const older = ingress("b", rules("web"));
    const newer = ingress("a", rules("api"), { creationTimestamp: "2026-01-02T00:00:00Z" });
    const plan = planIngress(view({ ingresses: [newer, older] }));
    expect(plan.hosts.get("h")?.routes).toEqual([
      { type: "prefix", path: "/", backend: "default/web:80" },
    ]);
  });

  test("another controller's class is left alone; without a class it is ours", () => {
    const foreign: IngressClass = {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "traefik" },
      spec: { controller: "traefik.io/ingress-controller" },
    };
    const theirs = ingress("theirs", { ...oneHost.spec, ingressClassName: "traefik" });
    const plan = planIngress(view({ ingresses: [theirs, oneHost], classes: [foreign] }));
    expect(plan.served.map(({ metadata }) => metadata.name)).toEqual(["shop"]);
  });

  test("what is missing is said by name, and the rest is served", () => {
    const broken = ingress("broken", {
      tls: [{ hosts: ["h"], secretName: "cert" }],
      rules: [{ host: "h", http: { paths: [path("/", "gone"), path("/ok", "web")] } }],
    });
    const plan = planIngress(view({ ingresses: [broken] }));
    expect(plan.problems.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      "CertificateNotFound: secret default/cert is not there: the host is served with a self-signed certificate",
      "ServiceNotFound: service default/gone is not there: requests get 503 until it is",
    ]);
    expect(plan.hosts.get("h")?.routes).toHaveLength(2);
  });

  test("a host with a certificate redirects to HTTPS unless the annotation says no", () => {
    const encode = (text: string): string => Buffer.from(text).toString("base64");
    const secret: Secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "cert" },
      data: { "tls.crt": encode("CERT"), "tls.key": encode("KEY") },
    };
    const spec: Ingress["spec"] = {
      ...oneHost.spec,
      tls: [{ hosts: ["shop.example"], secretName: "cert" }],
    };
    const plan = planIngress(view({ ingresses: [ingress("a", spec)], secrets: [secret] }));
    expect(plan.hosts.get("shop.example")?.redirectsToHttps).toBe(true);
    expect(plan.certificates.get("shop.example")).toEqual({
      certificatePem: "CERT",
      keyPem: "KEY",
    });
    const plain = ingress("a", spec, {
      annotations: { "nginx.ingress.kubernetes.io/ssl-redirect": "false" },
    });
    expect(
      planIngress(view({ ingresses: [plain], secrets: [secret] })).hosts.get("shop.example")
        ?.redirectsToHttps,
    ).toBe(false);
  });

  test("a default backend answers every other host and every other path", () => {
    const spec: Ingress["spec"] = {
      defaultBackend: { service: { name: "api", port: { number: 80 } } },
      rules: [{ host: "h", http: { paths: [path("/a", "web")] } }],
    };
    const plan = planIngress(view({ ingresses: [ingress("a", spec)] }));
    expect(plan.hosts.get("")?.routes[0]?.backend).toBe("default/api:80");
    expect(plan.hosts.get("h")?.routes.map(({ backend }) => backend)).toEqual([
      "default/web:80",
      "default/api:80",
    ]);
  });
});
