import { expect, test } from "vitest";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import { planIngress } from "#ingress/plan/plan";
import { withTenants } from "#ingress/tenants/needs";
import { selfSigned } from "#test/support/certificates";
import {
  clusterView,
  hostTo,
  ingressOf,
  pathTo,
  readyEndpoint,
  secretOf,
  sliceOf,
} from "#test/support/ingress-objects";

const slices = [sliceOf("web", 8080, [readyEndpoint("10.0.0.2", "web-1")])];

test("a Service that only tenants need is published, one that is not there is not", () => {
  const view = clusterView({ ingresses: [], slices });
  const backends = ["default/web:80", "default/web:81", "tenant-acme/web:80"];
  const needs = { backends: () => backends, certificates: () => [] };
  const plan = withTenants(planIngress(view), view, needs);
  expect([...plan.backends.keys()]).toEqual(["default/web:80"]);
  expect(plan.backends.get("default/web:80")?.[0]?.address).toBe("10.0.0.2");
});

test("a Service that a RequestAutoscaler names is held and reported like that of an Ingress", () => {
  const autoscaler = {
    metadata: { name: "web", namespace: "default" },
    spec: { service: "web", minReplicas: 0, maxReplicas: 1 },
  } as unknown as RequestAutoscaler;
  const view = { ...clusterView({ ingresses: [] }), autoscaler: () => autoscaler };
  const needs = { backends: () => ["default/web:80"], certificates: () => [] };
  const plan = withTenants(planIngress(view), view, needs);
  expect(plan.options.get("default/web:80")).toMatch(/^hold=\d+,\d+$/);
  expect(plan.asked.get("default/web")?.backends).toEqual(["default/web:80"]);
});

test("a plan's certificate is served for the names in it, and an Ingress's own stays", async () => {
  const wildcard = await selfSigned("*.shops.example");
  const own = await selfSigned("a.shops.example");
  const secrets = [
    secretOf("wildcard", { "tls.crt": wildcard.cert, "tls.key": wildcard.key }),
    secretOf("own", { "tls.crt": own.cert, "tls.key": own.key }),
    secretOf("broken", { "tls.crt": "no certificate", "tls.key": "no key" }),
  ];
  const host = "a.shops.example";
  const ingress = ingressOf("a", {
    ...hostTo(host, [pathTo("web")]),
    tls: [{ hosts: [host], secretName: "own" }],
  });
  const view = clusterView({ ingresses: [ingress], secrets });
  const names = ["default/wildcard", "default/broken", "default/gone", "default/own"];
  const needs = { backends: () => [], certificates: () => names };
  const { certificates } = withTenants(planIngress(view), view, needs);
  expect([...certificates.keys()].sort()).toEqual(["*.shops.example", host]);
  expect(certificates.get("*.shops.example")?.certificatePem).toBe(wildcard.cert);
  expect(certificates.get(host)?.certificatePem).toBe(own.cert);
});
