import fc from "fast-check";
import { expect, test } from "vitest";
import { maxPods, minAvailable } from "#control-plane/controllers/deployment/rolling";
import { RolloutModel } from "#test/support/rollout-model";
import { deployment } from "#test/support/workloads";

const amount = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom("0%", "25%", "50%", "100%"),
);
const isZero = (value: string | number): boolean => value === 0 || value === "0%";

const rollout = fc
  .record({ replicas: fc.integer({ min: 0, max: 8 }), maxSurge: amount, maxUnavailable: amount })
  .filter(({ maxSurge, maxUnavailable }) => !isZero(maxSurge) || !isZero(maxUnavailable));

/** What happens between two looks: the look itself, a pod that becomes ready or unready, deleted pods gone. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: "look" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("ready" as const), pod: fc.nat(20) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("unready" as const), pod: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "gone" as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("image" as const), pod: fc.nat(3) }) },
);

test("a rolling update never has more pods than replicas + maxSurge, never takes an available pod that it must keep, and converges", () => {
  const property = fc.property(rollout, fc.array(happening, { maxLength: 60 }), (spec, story) => {
    const { replicas, maxSurge, maxUnavailable } = spec;
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
    const model = new RolloutModel(deployment("web", { replicas, strategy }));
    model.settle();
    for (const { type, ...rest } of [{ type: "image" as const, pod: 1 }, ...story]) {
      const index = "pod" in rest ? rest.pod : 0;
      const one = model.active[index % Math.max(1, model.active.length)];
      const readyBefore = model.ready.length;
      if (type === "look") {
        model.step();
        const mustStay = Math.min(readyBefore, minAvailable(model.deployment));
        expect(model.ready.length, model.summary).toBeGreaterThanOrEqual(mustStay);
      } else if (type === "gone") model.goneAll();
      else if (type === "image") {
        model.edit(({ spec: draft }) => {
          for (const container of draft.template.spec?.containers ?? [])
            container.image = `v${index + 2}`;
        });
      } else if (one) model.setReady(one, type === "ready");
      expect(model.active.length, model.summary).toBeLessThanOrEqual(maxPods(model.deployment));
    }
    model.settle();
    expect(model.ready).toHaveLength(replicas);
    expect(model.active).toHaveLength(replicas);
  });
  fc.assert(property, { numRuns: 300 });
});
