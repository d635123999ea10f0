import { describe, expect, test } from "vitest";
import { configReferences, podSpecOf } from "#api/kinds/deployment-config";
import type { ConfigMap, Deployment } from "#api/schema/types";
import { planConfigRollout } from "#control-plane/controllers/config-rollout/plan";
import type { Action } from "#control-plane/controllers/controller";
import { deployment, replicaSet } from "#test/support/workloads";

function configMap(name: string, data: Record<string, string>): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

/** Reads ConfigMap "app" and, where it is there, Secret "extra". */
function reading(
  template: Record<string, string> = {},
  own: Record<string, string> = {},
): Deployment {
  const made = deployment("web");
  made.metadata.annotations = { "kaji.dev/rollout-on-config-change": "true", ...own };
  made.spec.template = {
    metadata: { name: "", labels: { app: "web" }, annotations: template },
    spec: {
      containers: [{ name: "main", image: "v1", envFrom: [{ configMapRef: { name: "app" } }] }],
      volumes: [{ name: "v", secret: { secretName: "extra", optional: true } }],
    },
  };
  return made;
}

function look(
  of: Deployment,
  app: ConfigMap | undefined,
  more: { copies?: ConfigMap[]; hashes?: string[] } = {},
): Action[] {
  const references = configReferences(of.spec.template.spec);
  const replicaSets = (more.hashes ?? []).map((hash) => {
    const set = replicaSet(`web-${hash}`, 1);
    const template = { metadata: { name: "", annotations: { "kaji.dev/config-hash": hash } } };
    return { ...set, spec: { ...set.spec, template: { ...template, spec: { containers: [] } } } };
  });
  return planConfigRollout({
    deployment: of,
    configs: references.map((reference) => ({
      reference,
      object: reference.name === "app" ? app : undefined,
    })),
    copies: more.copies ?? [],
    replicaSets,
  });
}

/** The hash that a plan points the Deployment at. */
function hashIn(plan: readonly Action[]): string {
  const patch = plan.find(({ type }) => type === "patch") as { body: unknown } | undefined;
  const body = patch?.body as { metadata: { annotations: Record<string, string> } } | undefined;
  return body?.metadata.annotations["kaji.dev/config-seen"] ?? "";
}

function copyOf(hash: string): ConfigMap {
  const copy = configMap(`app-${hash}`, {});
  copy.metadata.labels = { "kaji.dev/config-hash": hash };
  return copy;
}

describe("a Deployment that rolls out on a changed configuration", () => {
  test("gets a copy that never changes, then a template that means it, both by the content", () => {
    const plan = look(reading(), configMap("app", { greeting: "hello" }));
    const hash = hashIn(plan);
    expect(hash).toMatch(/^[0-9a-f]{10}$/);
    expect(plan).toMatchObject([
      {
        type: "create",
        object: {
          kind: "ConfigMap",
          metadata: {
            name: `app-${hash}`,
            ownerReferences: [{ kind: "Deployment", name: "web" }],
          },
          data: { greeting: "hello" },
          immutable: true,
        },
      },
      {
        type: "patch",
        body: {
          metadata: { annotations: { "kaji.dev/config-seen": hash } },
          spec: { template: { metadata: { annotations: { "kaji.dev/config-hash": hash } } } },
        },
      },
    ]);
    expect(hashIn(look(reading(), configMap("app", { greeting: "bye" })))).not.toBe(hash);
  });

  test("is left alone while nothing changes, and once it went back to a former configuration", () => {
    const app = configMap("app", { greeting: "hello" });
    const hash = hashIn(look(reading(), app));
    const seen = { "kaji.dev/config-seen": hash };
    expect(look(reading({ "kaji.dev/config-hash": hash }, seen), app)).toEqual([]);
    expect(look(reading({ "kaji.dev/config-hash": "former" }, seen), app)).toEqual([]);
    expect(hashIn(look(reading({}, seen), app))).toBe(hash);
  });

  test("goes on with what it has while something that it needs is missing", () => {
    expect(look(reading(), undefined)).toEqual([]);
  });

  test("keeps the copies that any of its versions reads, and removes the others", () => {
    const app = configMap("app", { greeting: "hello" });
    const hash = hashIn(look(reading(), app));
    const of = reading({ "kaji.dev/config-hash": hash }, { "kaji.dev/config-seen": hash });
    const copies = ["gone", "kept", hash].map(copyOf);
    const plan = look(of, app, { copies, hashes: ["kept"] });
    expect(plan).toMatchObject([{ type: "delete", target: { name: "app-gone" } }]);
  });

  test("that asks for it no more gets its template back", () => {
    const own = {
      "kaji.dev/rollout-on-config-change": "false",
      "kaji.dev/config-seen": "abc",
    };
    const of = reading({ "kaji.dev/config-hash": "abc" }, own);
    expect(look(of, configMap("app", {}))).toMatchObject([
      {
        type: "patch",
        body: {
          metadata: { annotations: { "kaji.dev/config-seen": null } },
          spec: { template: { metadata: { annotations: { "kaji.dev/config-hash": null } } } },
        },
      },
    ]);
  });
});

test("pods read the copies that their template means, and the originals without one", () => {
  const { template } = reading({ "kaji.dev/config-hash": "abc" }).spec;
  expect(podSpecOf(template)).toMatchObject({
    containers: [{ envFrom: [{ configMapRef: { name: "app-abc" } }] }],
    volumes: [{ secret: { secretName: "extra-abc" } }],
  });
  expect(podSpecOf(reading().spec.template)).toEqual(reading().spec.template.spec);
});

test("every place that names a ConfigMap or a Secret is found, each once", () => {
  const references = configReferences({
    containers: [
      {
        name: "main",
        env: [
          { name: "A", valueFrom: { configMapKeyRef: { name: "a", key: "k" } } },
          { name: "B", valueFrom: { secretKeyRef: { name: "b", key: "k", optional: true } } },
        ],
      },
    ],
    initContainers: [{ name: "init", envFrom: [{ secretRef: { name: "b" } }] }],
    volumes: [
      { name: "v", configMap: { name: "c", optional: true } },
      {
        name: "w",
        projected: { sources: [{ secret: { name: "d" } }, { configMap: { name: "a" } }] },
      },
    ],
  });
  expect(references).toEqual([
    { kind: "ConfigMap", name: "a", isOptional: false },
    { kind: "ConfigMap", name: "c", isOptional: true },
    { kind: "Secret", name: "b", isOptional: false },
    { kind: "Secret", name: "d", isOptional: false },
  ]);
});
