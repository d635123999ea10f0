import { expect, test } from "vitest";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { planEntries } from "#ingress/tenants/plans";
import { dedicatedBackend, recordOf, tenantEntry } from "#ingress/tenants/record";

const apiVersion = "kaji.dev/v1alpha1";

function tenant(
  spec: Partial<Tenant["spec"]>,
  namespaces?: string[],
  deletionTimestamp?: string,
): Tenant {
  return {
    apiVersion,
    kind: "Tenant",
    metadata: {
      name: "acme",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(deletionTimestamp ? { deletionTimestamp } : {}),
    },
    spec: { plan: "basic", hosts: ["Acme.Example", "acme.example", "www.acme.example"], ...spec },
    ...(namespaces ? { status: { namespaces } } : {}),
  };
}

function plan(name: string, spec: TenantPlan["spec"]): TenantPlan {
  return { apiVersion, kind: "TenantPlan", metadata: { name }, spec };
}

const pooled = plan("basic", {
  mode: "pooled",
  service: { name: "web", port: 80, namespace: "fleet" },
});
const dedicated = plan("plus", { mode: "dedicated" });

test("a tenant's record has its hosts once, in lower case, and its entry names the plan", () => {
  const record = recordOf(tenant({}));
  expect(record.hosts).toBe("acme.example www.acme.example");
  expect(tenantEntry(record)).toBe("\tacme\tbasic\t");
  expect(tenantEntry(recordOf(tenant({ suspended: true })))).toBe("suspended\tacme\tbasic\t");
  const made = recordOf(tenant({ mode: "dedicated" }, ["tenant-acme", "tenant-acme-2"]));
  expect(tenantEntry(made)).toBe("dedicated\tacme\tbasic\ttenant-acme");
});

test("a tenant that is being deleted has no host any more", () => {
  expect(recordOf(tenant({}, undefined, "2026-01-02T00:00:00Z")).hosts).toBe("");
});

test("only a dedicated tenant that is not suspended has a backend of its own", () => {
  expect(dedicatedBackend(recordOf(tenant({})), pooled)).toBeUndefined();
  expect(dedicatedBackend(recordOf(tenant({})), undefined)).toBeUndefined();
  expect(dedicatedBackend(recordOf(tenant({})), dedicated)).toBe("tenant-acme/web:80");
  expect(dedicatedBackend(recordOf(tenant({ suspended: true })), dedicated)).toBeUndefined();
  expect(dedicatedBackend(recordOf(tenant({}, ["other"])), dedicated)).toBe("other/web:80");
  expect(dedicatedBackend(recordOf(tenant({ mode: "sandboxed" })), pooled)).toBe(
    "tenant-acme/web:80",
  );
});

test("nginx is told of each plan, whether its hosts are secured, and of the headers that clients may not set", () => {
  const secured = plan("shops", {
    ...{ mode: "pooled", service: { name: "web", port: 8080, namespace: "fleet" } },
    ...{ tenantHeader: "X-Shop", tls: { namespace: "fleet", name: "wildcard" } },
  });
  const entries = planEntries([pooled, dedicated, secured], (key) => key === "fleet/wildcard");
  expect(Object.fromEntries(entries)).toEqual({
    "/basic": "pooled\tweb:80\tfleet\tX-Kaji-Tenant\tplain",
    "/plus": "dedicated\tweb:80\t\tX-Kaji-Tenant\tplain",
    "/shops": "pooled\tweb:8080\tfleet\tX-Shop\tredirect",
    "//headers": "X-Shop",
  });
  expect(planEntries([secured], () => false).get("/shops")).toContain("\tplain");
});
