import { expect, test } from "vitest";
import { ObjectsByKind } from "#api/audit/define-audit";
import { hostsHaveOneTenant } from "#api/audit/hosts-have-one-tenant";
import type { KubeObject } from "#api/machinery/meta";

const object = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name },
  ...more,
});
const tenant = (name: string, ...hosts: string[]) => object("Tenant", name, { spec: { hosts } });
const ingress = (namespace: string, host: string) =>
  object("Ingress", "web", { metadata: { name: "web", namespace }, spec: { rules: [{ host }] } });
const messages = (...objects: KubeObject[]) =>
  hostsHaveOneTenant.check(new ObjectsByKind(objects)).map(({ message }) => message);

test("a host of two tenants is found, and a tenant's host in nobody's namespace", () => {
  expect(messages(tenant("a", "x.y"), tenant("b", "x.y"))).toEqual([
    "its host x.y is also that of Tenant a",
  ]);
  const labels = { "kaji.dev/tenant": "a" };
  const own = object("Namespace", "tenant-a", { metadata: { name: "tenant-a", labels } });
  expect(messages(tenant("a", "x.y"), own, ingress("tenant-a", "x.y"))).toEqual([]);
  expect(messages(tenant("a", "x.y"), ingress("default", "x.y"))).toEqual([
    "its host x.y is that of Tenant a",
  ]);
});
