import { describe, expect, test } from "vitest";
import { deploymentKind } from "#api/kinds/deployment";
import { jobKind } from "#api/kinds/job";
import { replicaSetKind } from "#api/kinds/replica-set";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { RENDERED_ANNOTATION, RENDERED_ELSEWHERE, type TenantMode } from "#api/tenants/names";
import type { Action } from "#control-plane/controllers/controller";
import { boundsOf, clusterPartsOf } from "#control-plane/controllers/tenant/bounds";
import { fingerprintOf, type TenantInput } from "#control-plane/controllers/tenant/input";
import { boundKey } from "#control-plane/controllers/tenant/making";
import { planTenant } from "#control-plane/controllers/tenant/plan";
import { renderTenant } from "#control-plane/controllers/tenant/rendering";
import {
  planResumption,
  planSuspension,
  type Workload,
} from "#control-plane/controllers/tenant/workloads";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const AN_HOUR_AGO = "2026-01-01T11:00:00Z";

const plan: TenantPlan = {
  apiVersion: "kaji.dev/v1alpha1",
  kind: "TenantPlan",
  metadata: { name: "small", uid: "p", generation: 1 },
  spec: {
    mode: "dedicated",
    service: { name: "web", port: 80 },
    quota: { pods: "3" },
    template: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { replicas: 2 },
      },
    ],
  },
};

function tenantOf(spec: Partial<Tenant["spec"]> = {}, status?: Tenant["status"]): Tenant {
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name: "a", uid: "t", generation: 1, finalizers: ["kaji.dev/tenant"] },
    spec: { plan: "small", ...spec },
    ...(status ? { status } : {}),
  };
}

function inputOf(tenant: Tenant, more: Partial<TenantInput> = {}): TenantInput {
  const mode: TenantMode = "dedicated";
  return {
    tenant,
    plan,
    mode,
    namespaces: [],
    isNameTaken: false,
    rendering: renderTenant(tenant, plan),
    bounds: new Set(),
    workloads: [],
    loosePods: [],
    spreadMs: 4_000,
    ...more,
  };
}

/** As it stands when everything has been made. */
function madeOf(tenant: Tenant, more: Partial<TenantInput> = {}): TenantInput {
  const bounds = [...boundsOf(tenant, plan, "tenant-a"), ...clusterPartsOf(tenant)].map(boundKey);
  const input = inputOf(tenant, { bounds: new Set(bounds), ...more });
  const annotations = { [RENDERED_ANNOTATION]: fingerprintOf(input, plan) };
  const metadata = { name: "tenant-a", annotations };
  return { ...input, namespaces: [{ apiVersion: "v1", kind: "Namespace", metadata, spec: {} }] };
}

const asked = { wakeRequestTime: AN_HOUR_AGO };
const described = (actions: readonly Action[]): string[] =>
  actions.map((action) => ("kind" in action ? `${action.type} ${action.kind.kind}` : action.type));

describe("what is made for a tenant", () => {
  test("nothing before it is asked for, and nothing ever for a pooled one", () => {
    expect(planTenant(inputOf(tenantOf()), NOW)).toEqual([]);
    const pooled = inputOf(tenantOf({ mode: "pooled" }, asked), { mode: "pooled" });
    expect(planTenant(pooled, NOW)).toEqual([]);
  });

  test("what bounds it before what runs in it, and the mark that it is whole last", () => {
    expect(described(planTenant(inputOf(tenantOf({}, asked)), NOW))).toEqual([
      "create Namespace",
      "apply ResourceQuota",
      "apply NetworkPolicy",
      "apply RoleBinding",
      "apply ClusterRole",
      "apply ClusterRoleBinding",
      "apply Deployment",
      "apply RequestAutoscaler",
      "updateStatus Tenant",
      "patch Namespace",
      "event",
    ]);
  });

  test("nothing beside an export that is just being put back, and then what the plan has", () => {
    const made = madeOf(tenantOf({}, asked));
    const [first] = made.namespaces;
    if (!first) throw new Error("it has a namespace");
    const annotations = { [RENDERED_ANNOTATION]: RENDERED_ELSEWHERE };
    const restored = { ...first, metadata: { ...first.metadata, annotations } };
    const actions = planTenant({ ...made, namespaces: [restored] }, NOW);
    expect(described(actions)).not.toContain("apply Deployment");
    expect(actions).toContainEqual({ type: "requeue", afterMs: 10_000 });
    const memory = actions.flatMap((one) => (one.type === "remember" ? [one.memory] : []))[0];
    const later = planTenant({ ...made, namespaces: [restored] }, NOW + 10_000, memory as never);
    expect(described(later)).toContain("apply Deployment");
  });

  test("a finalizer first, where it has none", () => {
    const { finalizers: _, ...metadata } = tenantOf().metadata;
    const [first] = planTenant(inputOf({ ...tenantOf({}, asked), metadata }), NOW);
    expect(first).toMatchObject({ type: "patch", kind: { kind: "Tenant" } });
  });

  test("no number of replicas where an autoscaler has the say", () => {
    const actions = planTenant(inputOf(tenantOf({}, asked)), NOW);
    const deployment = actions.find(
      (one) => one.type === "apply" && one.kind.kind === "Deployment",
    );
    expect(deployment).toMatchObject({ object: { metadata: { namespace: "tenant-a" }, spec: {} } });
    expect(JSON.stringify(deployment)).not.toContain("replicas");
  });

  test("nothing in a namespace of somebody else", () => {
    const actions = planTenant(inputOf(tenantOf({}, asked), { isNameTaken: true }), NOW);
    expect(actions).toMatchObject([
      { type: "updateStatus", object: { status: { conditions: [{ reason: "NamespaceTaken" }] } } },
      { type: "event", event: { type: "Warning", reason: "NamespaceTaken" } },
    ]);
  });
});

describe("what is there", () => {
  const status: Tenant["status"] = { ...asked, lastWakeTime: AN_HOUR_AGO };

  /** The law: what a plan has said and done adds nothing the second time. */
  function settled(tenant: Tenant): Tenant {
    const [action] = planTenant(madeOf(tenant), NOW);
    return action?.type === "updateStatus" ? (action.object as Tenant) : tenant;
  }

  test("is left alone when it is as it should be", () => {
    const tenant = settled(tenantOf({}, status));
    expect(tenant.status?.phase).toBe("Ready");
    expect(planTenant(madeOf(tenant), NOW + 60_000)).toEqual([]);
  });

  test("is made again where a bound is missing, and that alone", () => {
    const tenant = settled(tenantOf({}, status));
    const whole = madeOf(tenant);
    const bounds = new Set([...whole.bounds].filter((key) => !key.startsWith("NetworkPolicy")));
    expect(described(planTenant({ ...whole, bounds }, NOW))).toEqual(["apply NetworkPolicy"]);
  });

  test("loses the quota that its plan no longer has", () => {
    const tenant = settled(tenantOf({}, status));
    const { quota: _, ...spec } = plan.spec;
    const without = { ...madeOf(tenant), plan: { ...plan, spec } };
    expect(described(planTenant(without, NOW))[0]).toBe("delete ResourceQuota");
  });

  test("says when it stops and goes on", () => {
    const suspended = tenantOf({ suspended: true }, { ...status, phase: "Ready" });
    expect(planTenant(madeOf(suspended), NOW).at(-1)).toMatchObject({
      event: { reason: "Suspended" },
    });
    const resumed = tenantOf({}, { ...status, phase: "Suspended" });
    expect(planTenant(madeOf(resumed), NOW).at(-1)).toMatchObject({ event: { reason: "Resumed" } });
  });

  test("starts by what was stopped alone: not by the copy that an old ReplicaSet has of its Deployment's annotations", () => {
    const annotations = { "kaji.dev/suspended-replicas": "5" };
    const web = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", annotations },
    };
    const old = ownedBy("Deployment", {
      kind: "ReplicaSet",
      metadata: { name: "web-1", annotations },
    });
    const workloads = [
      { kind: deploymentKind, object: { ...web, spec: { replicas: 0 } } },
      { kind: replicaSetKind, object: { ...old, spec: { replicas: 0 } } },
    ] as unknown as Workload[];
    const starts = planResumption(workloads).map((one) => one.type === "patch" && one.body);
    expect(starts).toEqual([
      { metadata: { annotations: { "kaji.dev/suspended-replicas": null } }, spec: { replicas: 5 } },
      { metadata: { annotations: { "kaji.dev/suspended-replicas": null } } },
    ]);
  });

  test("stops with the Jobs that its CronJobs have started", () => {
    const job = ownedBy("CronJob", { kind: "Job", metadata: { name: "nightly-1" } });
    const workloads = [{ kind: jobKind, object: { ...job, spec: {} } }] as unknown as Workload[];
    expect(planSuspension(workloads)).toMatchObject([{ body: { spec: { suspend: true } } }]);
    const annotations = { "kaji.dev/suspended-replicas": "running" };
    const stopped = { ...job, metadata: { ...job.metadata, annotations } };
    const again = [{ kind: jobKind, object: stopped }] as unknown as Workload[];
    expect(planSuspension(again)).toEqual([]);
    expect(planResumption(again)).toMatchObject([{ body: { spec: { suspend: false } } }]);
  });

  test("follows a changed plan in its turn, not at once", () => {
    const tenant = settled(tenantOf({}, status));
    const changed = { ...plan, spec: { ...plan.spec, quota: { pods: "4" } } };
    const input = { ...madeOf(tenant), plan: changed };
    const first = planTenant(input, NOW);
    expect(described(first)).toEqual(["remember", "requeue"]);
    const [remember] = first;
    const memory = remember?.type === "remember" ? remember.memory : undefined;
    const early = planTenant(input, NOW + 1_000, memory as never);
    expect(early.at(-1)).toEqual({ type: "requeue", afterMs: 3_000 });
    expect(described(planTenant(input, NOW + 4_000, memory as never))).toContain(
      "apply ResourceQuota",
    );
  });

  test("goes on at once where making it was interrupted", () => {
    const whole = madeOf(settled(tenantOf({}, status)));
    const [namespace] = whole.namespaces;
    const half = [{ ...namespace, metadata: { name: "tenant-a" } }] as TenantInput["namespaces"];
    expect(described(planTenant({ ...whole, namespaces: half }, NOW))).toEqual(
      expect.arrayContaining(["apply Deployment", "patch Namespace"]),
    );
  });
});

function ownedBy<T extends { metadata: object }>(kind: string, object: T): T {
  const owner = { apiVersion: "v1", kind, name: "owner", uid: "o", controller: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } };
}

describe("the end of a tenant", () => {
  const deletionTimestamp = AN_HOUR_AGO;

  test("waits for its namespaces, then for its rights, and asks the API server about both", () => {
    const { metadata } = tenantOf();
    const leaving = { ...tenantOf(), metadata: { ...metadata, deletionTimestamp } };
    expect(described(planTenant(madeOf(leaving), NOW))).toEqual([
      "delete Namespace",
      "updateStatus Tenant",
    ]);
    const empty = inputOf(leaving, { bounds: new Set(["ClusterRole /kaji:tenant:a"]) });
    const end = planTenant(empty, NOW);
    expect(described(end)).toEqual(["delete ClusterRole", "patch Tenant"]);
    const last = end.at(-1);
    const absent = last?.type === "patch" ? (last.onlyIfAbsent ?? []) : [];
    expect(absent.map(({ kind, name }) => `${kind.kind} ${name}`)).toEqual([
      "Namespace tenant-a",
      "ClusterRoleBinding kaji:tenant:a",
      "ClusterRole kaji:tenant:a",
    ]);
  });
});
