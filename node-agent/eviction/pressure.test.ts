import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isMemoryNear,
  judgePressure,
  noHistory,
  type Observations,
  type PressureHistory,
} from "#node-agent/eviction/pressure";
import {
  amountText,
  binaryText,
  defaultHardThresholds,
  parseThresholds,
  type Signal,
  type Threshold,
} from "#node-agent/eviction/thresholds";

const none = { hard: "", soft: "", softGraceMs: new Map<string, number>(), minReclaim: "" };
const MIB = 2 ** 20;
const T0 = 1_000_000;

function memory(availableMiB: number): Observations {
  return new Map([["memory.available", { available: availableMiB * MIB, capacity: 1024 * MIB }]]);
}

function judge(
  thresholds: readonly Threshold[],
  observations: Observations,
  nowMs = T0,
  history: PressureHistory = noHistory,
) {
  return judgePressure({ thresholds, observations, history, transitionMs: 300_000, nowMs });
}

describe("thresholds", () => {
  test("are read as Kubernetes writes them", () => {
    const found = parseThresholds({ ...none, hard: defaultHardThresholds });
    expect(found).toHaveLength(5);
    expect(found[0]).toEqual({
      signal: "memory.available",
      amount: { type: "quantity", value: 100 * MIB },
      graceMs: 0,
    });
    expect(found[1]).toMatchObject({ amount: { type: "share", value: 0.1 } });
  });

  test.each([
    [{ hard: "memory.free<1Mi" }, "--eviction-hard memory.free<1Mi is not understood"],
    [{ hard: "memory.available=1Mi" }, "is not understood"],
    [{ hard: "memory.available<120%" }, "is not a share"],
    [{ soft: "memory.available<1Gi" }, "grace period must be specified"],
  ])("that make no sense are refused with a sentence: %j", (flags, sentence) => {
    expect(() => parseThresholds({ ...none, ...flags })).toThrow(sentence);
  });

  test("amounts are printed in the largest unit that fits them", () => {
    expect(binaryText(100 * MIB)).toBe("100Mi");
    expect(binaryText(53_989_376)).toBe("52724Ki");
    expect(amountText("pid.available", 1234)).toBe("1234");
    expect(amountText("nodefs.inodesFree", 5000)).toBe("5k");
  });
});

describe("pressure", () => {
  const hard = parseThresholds({ ...none, hard: "memory.available<100Mi" });
  const soft = parseThresholds({
    ...none,
    soft: "memory.available<500Mi",
    softGraceMs: new Map([["memory.available", 90_000]]),
  });

  test("there is none while enough is left", () => {
    expect(judge(hard, memory(101))).toMatchObject({ conditions: new Set(), due: [] });
  });

  test("a hard threshold is due at once", () => {
    const found = judge(hard, memory(99));
    expect(found.conditions).toEqual(new Set(["MemoryPressure"]));
    expect(found.due).toEqual(hard);
  });

  test("a soft one makes the condition at once, and is due when it has lasted", () => {
    const first = judge(soft, memory(400));
    expect([...first.conditions]).toEqual(["MemoryPressure"]);
    expect(first.due).toEqual([]);
    expect(judge(soft, memory(400), T0 + 89_999, first.history).due).toEqual([]);
    expect(judge(soft, memory(400), T0 + 90_000, first.history).due).toEqual(soft);
  });

  test("a soft one that was not met in between begins anew", () => {
    const first = judge(soft, memory(400));
    const calm = judge(soft, memory(600), T0 + 10_000, first.history);
    expect(judge(soft, memory(400), T0 + 95_000, calm.history).due).toEqual([]);
  });

  test("the condition stays for the transition period after its last cause", () => {
    const first = judge(hard, memory(50));
    const after = (ms: number) => judge(hard, memory(900), T0 + ms, first.history);
    expect(after(299_000)).toMatchObject({ conditions: new Set(["MemoryPressure"]), due: [] });
    expect(after(300_000).conditions.size).toBe(0);
  });

  test("what was met is resolved only beyond the minimum reclaim", () => {
    const wanting = parseThresholds({
      ...none,
      hard: "memory.available<100Mi",
      minReclaim: "memory.available=50Mi",
    });
    const first = judge(wanting, memory(90));
    expect(judge(wanting, memory(120), T0 + 1, first.history).due).toEqual(wanting);
    expect(judge(wanting, memory(150), T0 + 1, first.history).due).toEqual([]);
    expect(judge(wanting, memory(120)).due).toEqual([]);
  });

  test("memory is near its threshold below twice the amount", () => {
    expect(isMemoryNear(hard, memory(199))).toBe(true);
    expect(isMemoryNear(hard, memory(200))).toBe(false);
  });

  test("memory comes before disks, and those before processes", () => {
    const all = parseThresholds({
      ...none,
      hard: "pid.available<10%,nodefs.available<10%,memory.available<10%",
    });
    const scarce: Observations = new Map(
      all.map(({ signal }): [Signal, { available: number; capacity: number }] => [
        signal,
        { available: 1, capacity: 100 },
      ]),
    );
    expect(judge(all, scarce).due.map(({ signal }) => signal)).toEqual([
      "memory.available",
      "nodefs.available",
      "pid.available",
    ]);
  });

  test("a signal that this machine does not have never counts", () => {
    expect(judge(hard, new Map()).conditions.size).toBe(0);
  });

  test("nothing is ever due without its condition, nor before its grace", () => {
    const steps = fc.array(fc.tuple(fc.nat(60_000), fc.integer({ min: 0, max: 1024 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (looks) => {
        let history = noHistory;
        let nowMs = T0;
        let lowSinceMs: number | undefined;
        for (const [passedMs, left] of looks) {
          nowMs += passedMs;
          const found = judge([...hard, ...soft], memory(left), nowMs, history);
          history = found.history;
          lowSinceMs = left < 500 ? (lowSinceMs ?? nowMs) : undefined;
          const isSoftDue = found.due.some(({ graceMs }) => graceMs > 0);
          expect(isSoftDue).toBe(lowSinceMs !== undefined && nowMs - lowSinceMs >= 90_000);
          if (found.due.length > 0) expect(found.conditions.has("MemoryPressure")).toBe(true);
        }
      }),
    );
  });
});
