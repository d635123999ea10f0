import fc from "fast-check";
import { expect, test } from "vitest";
import { job, JobModel } from "#test/support/jobs";

const events = fc.array(
  fc.record({
    type: fc.constantFrom("look", "crash", "succeed", "fail", "delete", "gone", "time"),
    pod: fc.nat(5),
  }),
  { maxLength: 60 },
);

/** Ends whatever runs with success until the Job has ended. */
function finish(model: JobModel): void {
  for (let round = 0; round < 200; round++) {
    model.settle();
    if (model.condition("Complete") ?? model.condition("Failed")) return;
    model.endAll(0);
    model.nowMs += 400_000;
  }
  throw new Error(`the Job does not end: ${JSON.stringify(model.status)}`);
}

test("a Job never has more than parallelism pods at work, and counts every end exactly once", () => {
  const property = fc.property(
    fc.boolean(),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 6 }),
    events,
    (isIndexed, parallelism, completions, story) => {
      const completionMode = isIndexed ? "Indexed" : "NonIndexed";
      const model = new JobModel(
        job("work", { completionMode, parallelism, completions, backoffLimit: 1000 }),
      );
      const ends = { succeeded: 0, failed: 0 };
      const endOne = (at: number, exitCode: number): void => {
        const pod = model.active[at % Math.max(1, model.active.length)];
        if (!pod) return;
        model.end(pod, exitCode);
        if (exitCode === 0) ends.succeeded++;
        else ends.failed++;
      };
      for (const { type, pod } of story) {
        if (type === "look") model.step();
        else if (type === "crash") model.step(pod);
        else if (type === "succeed") endOne(pod, 0);
        else if (type === "fail") endOne(pod, 1);
        else if (type === "gone") model.goneAll();
        else if (type === "time") model.nowMs += 7_000 * (pod + 1);
        else {
          const target = model.active[pod % Math.max(1, model.active.length)];
          if (target) {
            model.delete(target);
            ends.failed++;
          }
        }
        expect(model.active.length).toBeLessThanOrEqual(parallelism);
        expect(model.status.succeeded ?? 0).toBeLessThanOrEqual(ends.succeeded);
        expect(model.status.failed ?? 0).toBeLessThanOrEqual(ends.failed);
      }
      finish(model);
      expect(model.condition("Complete")).toBeDefined();
      expect(model.status.succeeded).toBe(completions);
      expect(model.status.failed ?? 0).toBe(ends.failed);
    },
  );
  fc.assert(property, { numRuns: 300 });
});
