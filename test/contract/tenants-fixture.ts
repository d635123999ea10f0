import { namespaceKind } from "#api/kinds/namespace";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Ingress } from "#api/schema/types";
import { namespaceOfTenant, TENANT_LABEL } from "#api/tenants/names";
import type { Client } from "#client/client";

/** Tenants, plans and what stands around them, as tests write them. */
export function tenant(name: string, spec: Partial<Tenant["spec"]> = {}): Tenant {
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name },
    spec: { plan: "small", ...spec },
  };
}

export function tenantPlan(name: string, spec: Partial<TenantPlan["spec"]> = {}): TenantPlan {
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "TenantPlan",
    metadata: { name },
    spec: { mode: "dedicated", ...spec },
  };
}

export function ingress(namespace: string, ...hosts: string[]): Ingress {
  const service = { name: "web", port: { number: 80 } };
  const http = { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace },
    spec: { rules: hosts.map((host) => (host ? { host, http } : { http })) },
  };
}

/** A tenant of a dedicated plan, with its namespace as its controller would make it. */
export async function makeTenant(
  client: Client,
  name: string,
  spec: Partial<Tenant["spec"]> = {},
  plan: Partial<TenantPlan["spec"]> = {},
): Promise<string> {
  await client.create(tenantPlanKind, tenantPlan(`plan-${name}`, plan));
  await client.create(tenantKind, tenant(name, { plan: `plan-${name}`, ...spec }));
  return makeNamespace(client, name, namespaceOfTenant(name));
}

export async function makeNamespace(
  client: Client,
  tenantName: string,
  name: string,
): Promise<string> {
  const metadata = { name, labels: { [TENANT_LABEL]: tenantName } };
  await client.create(namespaceKind, { apiVersion: "v1", kind: "Namespace", metadata, spec: {} });
  return name;
}

/** With every field that there is. */
export const fullTenant = {
  spec: {
    plan: "small",
    owners: [{ kind: "ServiceAccount", name: "bot", namespace: "default" }],
    hosts: ["a.example"],
    mode: "dedicated",
    parameters: { size: "1" },
  },
  status: { phase: "Ready", namespaces: ["tenant-a"], conditions: [{ type: "Ready" }] },
};

export const fullTenantPlan = {
  spec: {
    mode: "dedicated",
    service: { name: "web", port: 80 },
    tenantHeader: "X-Tenant",
    template: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "${tenant}" } }],
    quota: { pods: "3" },
    limits: [{ type: "Container", max: { cpu: "1" }, default: { cpu: "1" } }],
  },
};
