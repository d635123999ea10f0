import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTraffic } from "#api/kinds/deployment-strategy";
import { isReady, RolloutModel, trafficReport } from "#test/support/rollout-model";
import { deployment } from "#test/support/workloads";

/** What happens between two looks. `of` chooses a pod, an image or a report. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("look" as const), of: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("ready" as const), of: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("image" as const), of: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("scale" as const), of: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("pause" as const), of: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("promote" as const), of: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("abort" as const), of: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("report" as const), of: fc.nat(100) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("time" as const), of: fc.nat(90) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(model: RolloutModel, { type, of }: Happening): void {
  const one = model.active[of % Math.max(1, model.active.length)];
  switch (type) {
    case "look":
      return void model.step();
    case "ready":
      if (one) model.setReady(one, true);
      return;
    case "image":
      return model.setImage(`v${of + 1}`);
    case "scale":
      return model.scale(of);
    case "pause":
      return model.pause(of === 1);
    case "promote":
      return model.annotate("kaji.dev/promote", of % 2 ? `${of}/full` : String(of));
    case "abort":
      return model.annotate("kaji.dev/abort", String(of));
    case "report":
      model.reports = [reportOf(model, of)];
      return;
    case "time":
      model.nowMs += of * 1000;
      model.goneAll();
  }
}

/** The newest version fails this percent of its requests. */
function reportOf(model: RolloutModel, percent: number) {
  const names = [...model.sets.keys()];
  const counts = names.map((name, i) => {
    const errors = i === names.length - 1 ? percent * 10 : 0;
    return [name, { requests: 1000, errors }] as const;
  });
  return trafficReport("web.ingress-1", Object.fromEntries(counts), String(percent));
}

/** Ready pods of each version that has a share. */
function servingPods(model: RolloutModel): Map<string, number> {
  const shares = parseTraffic(model.traffic) ?? new Map();
  const serving = [...shares].filter(([, { weight }]) => weight > 0).map(([name]) => name);
  const ready = model.active.filter(isReady);
  const of = (name: string): number =>
    ready.filter(({ metadata }) => metadata.name.startsWith(`${name}-`)).length;
  return new Map(serving.map((name) => [name, of(name)]));
}

const strategies = fc.record({
  "kaji.dev/strategy": fc.constantFrom("blue-green", "canary", "mirror"),
  "kaji.dev/canary-steps": fc.constantFrom("10,25,50", "1,99", "50"),
  "kaji.dev/promotion": fc.constantFrom("automatic", "manual"),
  "kaji.dev/auto-rollback": fc.constantFrom("true", "false"),
  "kaji.dev/keep-old-seconds": fc.constantFrom("0", "30"),
});

test("weights sum up to 100, a look takes no ready pod of who serves, and gives nothing to a version without ready pods", () => {
  const property = fc.property(
    strategies,
    fc.integer({ min: 1, max: 6 }),
    fc.array(happening, { maxLength: 80 }),
    (annotations, replicas, story) => {
      const first = deployment("web", { replicas });
      first.metadata.annotations = { ...annotations };
      const model = new RolloutModel(first);
      model.settle();
      for (const event of [{ type: "image" as const, of: 1 }, ...story]) {
        const before = servingPods(model);
        const wanted = model.deployment.spec.replicas ?? 0;
        happen(model, event);
        const shares = [...(parseTraffic(model.traffic) ?? new Map()).values()];
        const sum = shares.reduce((total, { weight }) => total + weight, 0);
        expect(sum, model.traffic).toBe(100);
        if (event.type !== "look") continue;
        for (const [name, ready] of servingPods(model)) {
          const had = before.get(name);
          // Who served and serves on loses ready pods only when there are to be fewer.
          if (had !== undefined && had <= wanted) expect(ready, model.traffic).toBe(had);
          // Nobody begins to serve without a ready pod, unless it is the way back.
          if (had === undefined && wanted > 0 && !isReturn(model, name))
            expect(ready, `${model.traffic} ${model.summary}`).toBeGreaterThan(0);
        }
      }
    },
  );
  fc.assert(property, { numRuns: 100 });
});

function isReturn(model: RolloutModel, name: string): boolean {
  const state = model.deployment.metadata.annotations?.["kaji.dev/rollout-state"] ?? "{}";
  return (JSON.parse(state) as { stable?: string }).stable === name;
}

test("whatever happened, it comes to rest with one version that has all requests and all pods", () => {
  const property = fc.property(
    strategies,
    fc.array(happening, { maxLength: 60 }),
    (annotations, story) => {
      const first = deployment("web");
      first.metadata.annotations = { ...annotations };
      const model = new RolloutModel(first);
      model.settle();
      for (const event of [{ type: "image" as const, of: 1 }, ...story]) happen(model, event);
      model.scale(3);
      model.pause(false);
      model.reports = [];
      model.annotate("kaji.dev/promotion", undefined);
      for (let round = 0; round < 12; round++) {
        model.settle();
        model.nowMs += 600_000;
      }
      expect(model.traffic).toMatch(/^[a-z0-9-]+=100$/);
      expect(model.active).toHaveLength(3);
      expect([...servingPods(model).values()]).toEqual([3]);
    },
  );
  fc.assert(property, { numRuns: 60 });
});
