import { describe, expect, test } from "vitest";
import { applyConflictError, applyServerSide } from "#api/machinery/apply";
import { trackManagedFields } from "#api/machinery/managed-fields";
import type { KubeObject } from "#api/machinery/meta";

const schemaName = "io.k8s.api.apps.v1.Deployment";
const nowMs = Date.parse("2025-01-01T00:00:00Z");
const time = "2025-01-01T00:00:00Z";

type Json = Record<string, unknown>;
type Applied = KubeObject & { spec: Json };

function deployment(spec: Json, metadata: Json = {}): Applied {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...metadata },
    spec,
  };
}

function withContainers(containers: Json[]): Applied {
  return deployment({ template: { spec: { containers } } });
}

function apply(live: Applied | undefined, applied: Applied, manager = "me", force = false) {
  return applyServerSide({
    schemaName,
    live,
    applied,
    manager,
    force,
    apiVersion: "apps/v1",
    nowMs,
  });
}

function applied(live: Applied | undefined, next: Applied, manager?: string, force?: boolean) {
  const result = apply(live, next, manager, force);
  if ("conflicts" in result) throw applyConflictError(result.conflicts);
  return result.object;
}

describe("server-side apply", () => {
  test("that creates owns what it says, items of lists by their keys", () => {
    const object = applied(
      undefined,
      withContainers([{ name: "app", image: "a:1", ports: [{ containerPort: 80 }] }]),
    );
    expect(object.metadata.managedFields).toEqual([
      {
        manager: "me",
        operation: "Apply",
        apiVersion: "apps/v1",
        time,
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:spec": {
            "f:template": {
              "f:spec": {
                "f:containers": {
                  'k:{"name":"app"}': {
                    ".": {},
                    "f:name": {},
                    "f:image": {},
                    "f:ports": {
                      'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  test("removes what it no longer says, and keeps what another owns", () => {
    const first = applied(undefined, deployment({ replicas: 1, paused: true, minReadySeconds: 3 }));
    const both = applied(first, deployment({ minReadySeconds: 3 }), "you");
    const next = applied(both, deployment({ replicas: 2 }));
    expect(next.spec).toEqual({ replicas: 2, minReadySeconds: 3 });
  });

  test("removes an item of a list and leaves the others", () => {
    const first = applied(
      undefined,
      withContainers([
        { name: "a", image: "1" },
        { name: "b", image: "1" },
      ]),
    );
    const next = applied(first, withContainers([{ name: "b", image: "2" }]));
    expect(next.spec).toEqual({ template: { spec: { containers: [{ name: "b", image: "2" }] } } });
  });

  test("that changes what another owns is a conflict with Kubernetes' text", () => {
    const first = applied(undefined, withContainers([{ name: "app", image: "a:1" }]), "you");
    const result = apply(first, withContainers([{ name: "app", image: "a:2" }]));
    if (!("conflicts" in result)) throw new Error("expected conflicts");
    expect(applyConflictError(result.conflicts).status).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Apply failed with 1 conflict: conflict with "you": .spec.template.spec.containers[name="app"].image',
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "you"',
            field: '.spec.template.spec.containers[name="app"].image',
          },
        ],
      },
    });
  });

  test("that is forced takes the field over", () => {
    const first = applied(undefined, deployment({ replicas: 1, paused: true }), "you");
    const next = applied(first, deployment({ replicas: 2 }), "me", true);
    expect(next.spec.replicas).toBe(2);
    const owners = next.metadata.managedFields?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]);
    expect(owners).toEqual([
      ["me", { "f:spec": { "f:replicas": {} } }],
      ["you", { "f:spec": { "f:paused": {} } }],
    ]);
  });

  test("of the same value shares the field", () => {
    const first = applied(undefined, deployment({ replicas: 1 }), "you");
    const next = applied(first, deployment({ replicas: 1 }));
    expect(next.metadata.managedFields).toHaveLength(2);
    expect(next.spec).toEqual({ replicas: 1 });
  });

  test("done twice changes nothing the second time", () => {
    const next = withContainers([{ name: "app", image: "a:1", env: [{ name: "A", value: "1" }] }]);
    const first = applied(undefined, next);
    expect(applied(first, next)).toEqual(first);
  });

  test("with managed fields of its own is refused", () => {
    const bad = deployment({}, { managedFields: [{ manager: "x" }] });
    expect(() => apply(undefined, bad)).toThrow("metadata.managedFields must be nil");
  });
});

describe("managed fields of updates", () => {
  const track = (previous: Applied | undefined, next: Applied, manager: string) =>
    trackManagedFields(previous, next, manager, "Update", time);

  test("give a creator all that it wrote and nothing that names the object", () => {
    const entries = track(undefined, deployment({ replicas: 1 }, { labels: { a: "b" } }), "me");
    expect(entries.map(({ fieldsV1 }) => fieldsV1)).toEqual([
      {
        "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
        "f:spec": { "f:replicas": {} },
      },
    ]);
  });

  test("move a changed field to who changed it and drop a removed one", () => {
    const first = deployment({ replicas: 1, paused: true, minReadySeconds: 1 });
    first.metadata.managedFields = track(undefined, first, "me");
    const entries = track(first, deployment({ replicas: 2, paused: true }), "you");
    expect(entries.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ["me", { "f:spec": { "f:paused": {} } }],
      ["you", { "f:spec": { "f:replicas": {} } }],
    ]);
  });

  test("stay as they are when nothing changed", () => {
    const first = deployment({ replicas: 1 });
    first.metadata.managedFields = track(undefined, first, "me");
    expect(track(first, structuredClone(first), "you")).toEqual(first.metadata.managedFields);
  });

  test("do not grow without bound", () => {
    let live = deployment({ replicas: 0 });
    for (let index = 0; index < 30; index++) {
      const next = deployment({ ...live.spec, [`field${String(index)}`]: index });
      next.metadata.managedFields = track(live, next, `manager-${String(index).padStart(2, "0")}`);
      live = next;
    }
    const managers = live.metadata.managedFields?.map(({ manager }) => manager);
    expect(managers).toHaveLength(10);
    expect(managers).toContain("ancient-changes");
  });

  test("of an update make a later apply conflict, with the time of the update", () => {
    const live = deployment({ replicas: 1 });
    live.metadata.managedFields = track(undefined, live, "scaler");
    expect(() => applied(live, deployment({ replicas: 2 }))).toThrow(
      'Apply failed with 1 conflict: conflict with "scaler" using apps/v1 at 2025-01-01T00:00:00Z: .spec.replicas',
    );
  });
});
