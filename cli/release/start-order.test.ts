import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import type { KubeObject } from "#api/machinery/meta";
import { kindOfObject } from "#cli/kind-names";
import { marked, type ReleaseObject, spoken } from "#cli/release/release-object";
import { inStartOrder } from "#cli/release/start-order";

function item(apiVersion: string, kindName: string, name: string, dependsOn = ""): ReleaseObject {
  const kind = kindOfObject(kinds, apiVersion, kindName);
  const annotations = dependsOn ? { "kaji.dev/depends-on": dependsOn } : {};
  const place = kind.isNamespaced ? { namespace: "shop" } : {};
  const object: KubeObject = {
    apiVersion,
    kind: kindName,
    metadata: { name, ...place, annotations },
  };
  return { kind, object };
}

const deployment = (name: string, on = "") => item("apps/v1", "Deployment", name, on);
const namesOf = (items: readonly ReleaseObject[]) =>
  inStartOrder(items, kinds).map((step) => spoken(step.item));

describe("the start order", () => {
  test("puts what others need first, and keeps the order of the files otherwise", () => {
    const items = [
      item("networking.k8s.io/v1", "Ingress", "main"),
      deployment("web"),
      deployment("api"),
      item("v1", "Service", "web"),
      item("v1", "Secret", "key"),
      item("rbac.authorization.k8s.io/v1", "Role", "reader"),
      item("v1", "ResourceQuota", "all"),
      item("v1", "Namespace", "shop"),
    ];
    expect(namesOf(items)).toEqual([
      "namespace/shop",
      "role.rbac.authorization.k8s.io/reader",
      "resourcequota/all",
      "secret/key",
      "service/web",
      "deployment.apps/web",
      "deployment.apps/api",
      "ingress.networking.k8s.io/main",
    ]);
  });

  test("lets a dependency go before the rank, and names what is waited for", () => {
    const config = item("v1", "ConfigMap", "made-late", "Job/migrate");
    const items = [
      deployment("web", "ConfigMap/made-late"),
      config,
      item("batch/v1", "Job", "migrate"),
    ];
    expect(namesOf(items)).toEqual([
      "job.batch/migrate",
      "configmap/made-late",
      "deployment.apps/web",
    ]);
    const [, second] = inStartOrder(items, kinds);
    expect(second?.waitsFor).toMatchObject([
      { name: "migrate", namespace: "shop", isInRelease: true },
    ]);
  });

  test("knows what is outside of the release, by any name of the kind", () => {
    const [step] = inStartOrder([deployment("web", "sts/db, statefulset/cache")], kinds);
    expect(step?.waitsFor.map((one) => [one.kind.kind, one.name, one.isInRelease])).toEqual([
      ["StatefulSet", "db", false],
      ["StatefulSet", "cache", false],
    ]);
  });

  test.each([
    [
      [
        deployment("a", "Deployment/b"),
        deployment("b", "Deployment/a"),
        deployment("c", "Deployment/a"),
      ],
      "kaji.dev/depends-on goes in a circle: deployment.apps/a -> deployment.apps/b -> deployment.apps/a; take one of them away",
    ],
    [
      [deployment("a", "Deployment/a")],
      "kaji.dev/depends-on goes in a circle: deployment.apps/a -> deployment.apps/a; take one of them away",
    ],
  ])("says a circle as a sentence", (items, sentence) => {
    expect(() => inStartOrder(items, kinds)).toThrow(sentence);
  });

  test("applies every object once, after all that it depends on", () => {
    const graphs = fc.integer({ min: 1, max: 8 }).chain((count) =>
      fc.array(fc.array(fc.nat(count - 1), { maxLength: 3 }), {
        minLength: count,
        maxLength: count,
      }),
    );
    fc.assert(
      fc.property(graphs, (graph) => {
        // Only what stands before may be depended on, so there is no circle; then in another order.
        const items = graph.map((targets, at) => {
          const on = targets.filter((to) => to < at).map((to) => `Deployment/d${to}`);
          return deployment(`d${at}`, on.join(","));
        });
        const steps = inStartOrder(items.toReversed(), kinds);
        const done = new Set<string>();
        for (const { item: one, waitsFor } of steps) {
          expect(waitsFor.every(({ name }) => done.has(name))).toBe(true);
          done.add(one.object.metadata.name);
        }
        expect(done.size).toBe(items.length);
      }),
    );
  });
});

test("an object that is there twice, in whatever version, is refused", () => {
  const twice = [
    item("autoscaling/v2", "HorizontalPodAutoscaler", "web"),
    item("autoscaling/v2", "HorizontalPodAutoscaler", "web"),
  ];
  expect(() => marked(twice, "default/shop")).toThrow(
    "horizontalpodautoscaler.autoscaling/web is there twice: a release has each object once",
  );
});
