import { describe, expect, test } from "vitest";
import type { EndpointSlice, Ingress, IngressClass } from "#api/schema/types";
import { planIngress } from "#ingress/plan/plan";
import { clusterView as view, ingressOf as ingress, sliceOf } from "#test/support/ingress-objects";

function path(at: string, service: string, pathType = "Prefix") {
  return { path: at, pathType, backend: { service: { name: service, port: { number: 80 } } } };
}

function slice(endpoints: NonNullable<EndpointSlice["endpoints"]>): EndpointSlice {
  return sliceOf("web", 8080, endpoints);
}

function endpoint(address: string, conditions: { ready: boolean; terminating?: boolean }) {
  return {
    addresses: [address],
    conditions,
    targetRef: { kind: "Pod", namespace: "default", name: `pod-${address}`, uid: address },
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
      { type: "prefix", path: "/", backend: "default/web:80", ingress: "default/shop" },
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
      { type: "prefix", path: "/", backend: "default/web:80", ingress: "default/b" },
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
      "CertificateNotFound: secret default/cert is not there: h is served with a self-signed certificate",
      "ServiceNotFound: service default/gone is not there: requests get 503 until it is",
    ]);
    expect(plan.hosts.get("h")?.routes).toHaveLength(2);
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
