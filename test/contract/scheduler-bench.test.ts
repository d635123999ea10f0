import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { apiRig } from "#test/bench/scheduler/api-rig";
import { countOf, readCases, workloadsOf } from "#test/bench/scheduler/config";
import { memoryRig } from "#test/bench/scheduler/memory-rig";
import { runCase } from "#test/bench/scheduler/run-case";

/** The benchmark's cases at a size at which only their meaning matters: every measured pod gets a node. */
const NODES = 20;
const folder = join(import.meta.dirname, "../bench/scheduler");
const cases = readCases(join(folder, "cases.yaml"));
const rigs = { "in memory": memoryRig, "through the API server and a durable store": apiRig };

describe.each(Object.entries(rigs))("the scheduler's benchmark %s", (_name, open) => {
  test.each(cases.map((testCase) => [testCase.name, testCase] as const))(
    "%s schedules every measured pod",
    async (_case, testCase) => {
      const rig = await open();
      try {
        for (const workload of workloadsOf(testCase, NODES)) {
          const result = await runCase(rig, testCase, workload, { folder, deadlineMs: 15_000 });
          expect(rig.complaints).toEqual([]);
          expect(result.scheduled).toBe(result.wanted);
        }
      } finally {
        await rig.close();
      }
    },
  );
});

test("a workload's numbers grow and shrink with its nodes, and keep their threshold at their own size alone", () => {
  const basic = cases.find(({ name }) => name === "SchedulingBasic");
  if (!basic) throw new Error("there is no case SchedulingBasic");
  const [own] = workloadsOf(basic, undefined);
  const [small] = workloadsOf(basic, 50);
  expect(own?.threshold).toBe(680);
  expect(small).toEqual({
    name: "50Nodes",
    params: { initNodes: 50, initPods: 10, measurePods: 100 },
  });
  expect(own && countOf({ countParam: "$measurePods" }, own)).toBe(10_000);
});
