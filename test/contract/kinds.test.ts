import { assert, property, subarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { definitions } from "#api/schema/definitions";

/** What holds for every kind in the registry: a kind that is added is tested by its line there. */
const nowMs = Date.parse("2026-01-01T00:00:00Z");

const podSpec = { containers: [{ name: "web", image: "web:1" }] };
const templated = {
  selector: { matchLabels: { app: "web" } },
  template: { metadata: { labels: { app: "web" } }, spec: podSpec },
};

/** The least that is valid, beyond metadata. */
const valid: Record<string, Record<string, unknown>> = {
  Pod: { spec: podSpec },
  Service: { spec: { ports: [{ port: 80 }], selector: { app: "web" } } },
  Event: { involvedObject: { kind: "Pod", name: "web", namespace: "default" } },
  EndpointSlice: { addressType: "IPv4", endpoints: [{ addresses: ["10.244.0.2"] }] },
  Deployment: { spec: templated },
  ReplicaSet: { spec: templated },
  ReplicationController: { spec: { template: templated.template } },
  StatefulSet: { spec: templated },
  DaemonSet: { spec: templated },
  Job: { spec: { template: { spec: { ...podSpec, restartPolicy: "Never" } } } },
  CronJob: {
    spec: {
      schedule: "*/5 * * * *",
      jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: "Never" } } } },
    },
  },
  ControllerRevision: { data: { spec: {} }, revision: 1 },
  PriorityClass: { value: 1 },
  Ingress: { spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } } },
  ResourceQuota: { spec: { hard: { pods: "1" } } },
  LimitRange: { spec: { limits: [{ type: "Container", max: { cpu: "1" } }] } },
  RuntimeClass: { handler: "kaji" },
  IngressClass: { spec: { controller: "kaji.dev/ingress" } },
  PersistentVolume: {
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/srv" },
    },
  },
  PersistentVolumeClaim: {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  StorageClass: { provisioner: "kaji.dev/local-path" },
  HorizontalPodAutoscaler: {
    spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "web" } },
  },
  NetworkPolicy: { spec: { podSelector: {} } },
  RequestAutoscaler: {
    spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, service: "web", maxReplicas: 3 },
  },
  TrafficReport: { spec: { service: "web", ingress: "here" } },
  Tenant: { spec: { plan: "small" } },
  TenantPlan: { spec: { mode: "dedicated" } },
  RoleBinding: { roleRef: { kind: "Role", name: "web" } },
  ClusterRoleBinding: { roleRef: { kind: "ClusterRole", name: "web" } },
};

function objectOf(kind: Kind, content: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: "web", ...(kind.isNamespaced ? { namespace: "default" } : {}) },
    ...structuredClone(content),
  };
}

test("no two kinds share a resource, a short name or a kind", () => {
  const names = kinds.flatMap((kind) => [kind.kind, kind.plural, ...kind.shortNames]);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", (_, kind) => {
  test("has names that fit together and a schema", () => {
    expect(kind.plural).toMatch(/^[a-z]+s$/);
    expect(kind.singular).toBe(kind.kind.toLowerCase());
    expect(Object.keys(definitions)).toContain(kind.schema);
    expect(kind.subresources.includes("scale")).toBe(kind.scale !== undefined);
  });

  test("accepts the least valid object with its defaults, and its update to itself", () => {
    const object = objectOf(kind, valid[kind.kind]);
    kind.setDefaults(object);
    expect(kind.validate(object)).toEqual([]);
    expect(kind.validateUpdate(object, structuredClone(object))).toEqual([]);
  });

  test("fills defaults that do not change when they are filled again", () => {
    assert(
      property(subarray(Object.keys(valid[kind.kind] ?? {})), (kept) => {
        const content = valid[kind.kind] ?? {};
        const once = objectOf(kind, Object.fromEntries(kept.map((key) => [key, content[key]])));
        kind.setDefaults(once);
        const twice = structuredClone(once);
        kind.setDefaults(twice);
        expect(twice).toEqual(once);
      }),
    );
  });

  test("shows every column and selectable field of an object that has nothing but defaults", () => {
    const object = objectOf(kind, valid[kind.kind]);
    kind.setDefaults(object);
    for (const column of kind.columns) {
      const expected = { integer: "number", boolean: "boolean" }[column.type as string] ?? "string";
      expect({ [column.name]: typeof column.value(object, nowMs) }).toEqual({
        [column.name]: expected,
      });
    }
    for (const read of Object.values(kind.selectableFields)) {
      expect(typeof read(object)).toBe("string");
    }
  });

  test("answers an object without a body with errors of fields, not by throwing", () => {
    const object = objectOf(kind);
    kind.setDefaults(object);
    for (const { field, message } of kind.validate(object)) {
      expect(field).not.toBe("");
      expect(message).not.toBe("");
    }
  });
});
