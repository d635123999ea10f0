import { expect, test } from "vitest";
import type { Ingress } from "#api/schema/types";
import { hostsOfIngress } from "#api/tenants/ingress-hosts";

function ingress(annotations: Record<string, string>): Ingress {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "shop", namespace: "default", annotations },
    spec: { rules: [{ host: "shop.example" }], tls: [{ hosts: ["secure.example"] }] },
  };
}

test("an Ingress names the hosts of its rules, its TLS part and its aliases", () => {
  const prefix = "nginx.ingress.kubernetes.io/";
  expect(hostsOfIngress(ingress({}))).toEqual(["shop.example", "secure.example"]);
  expect(
    hostsOfIngress(ingress({ [`${prefix}server-alias`]: "Other.example, *.more.example" })),
  ).toEqual([...["shop.example", "secure.example", "other.example", "*.more.example"]]);
  expect(hostsOfIngress(ingress({ [`${prefix}from-to-www-redirect`]: "true" }))).toContain(
    "www.shop.example",
  );
});
