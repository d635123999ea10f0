import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { podRequests } from "#api/kinds/pod-resources";
import type { Pod } from "#api/schema/types";
import { withAllocation } from "#node-agent/resize/allocated-pod";
import { createAllocations } from "#node-agent/resize/allocations";
import { testPod } from "#test/support/pods";

const CAPACITY = { cpuMillis: 1000, memoryBytes: 1000 };

function pod(uid: string, cpuMillis: number, spec: Partial<Pod["spec"]> = {}): Pod {
  const resources = { requests: { cpu: `${cpuMillis}m` } };
  return testPod({ containers: [{ name: "web", image: "web:1", resources }], ...spec }, { uid });
}

function open() {
  const allocations = createAllocations(CAPACITY);
  const woken: string[] = [];
  return {
    allocations,
    woken,
    /** What the pod may use of cpu, and why not more. */
    settle(of: Pod) {
      const uid = of.metadata.uid ?? "";
      const { allocation, pending } = allocations.settle(of, undefined, () => woken.push(uid));
      return [allocation["web"]?.requests?.["cpu"], pending?.reason, pending?.message];
    },
  };
}

describe("allocations", () => {
  test("a new pod has what it asks for, and a resize that fits is granted", () => {
    const { settle } = open();
    expect(settle(pod("a", 300))).toEqual(["300m", undefined, undefined]);
    expect(settle(pod("a", 900))).toEqual(["900m", undefined, undefined]);
    expect(settle(pod("a", 100))).toEqual(["100m", undefined, undefined]);
  });

  test("what the node can never give is infeasible and changes nothing", () => {
    const { settle } = open();
    settle(pod("a", 300));
    const message = "Node didn't have enough capacity: cpu, requested: 1001, capacity: 1000";
    expect(settle(pod("a", 1001))).toEqual(["300m", "Infeasible", message]);
    expect(settle(pod("a", 300))).toEqual(["300m", undefined, undefined]);
  });

  test("what does not fit now is deferred, and given as soon as it fits", () => {
    const { settle, woken, allocations } = open();
    settle(pod("a", 300));
    settle(pod("b", 600));
    const message =
      "Node didn't have enough resource: cpu, requested: 500, used: 600, capacity: 1000";
    expect(settle(pod("a", 500))).toEqual(["300m", "Deferred", message]);
    allocations.release("b");
    expect(woken).toEqual(["a"]);
    expect(settle(pod("a", 500))).toEqual(["500m", undefined, undefined]);
  });

  test("an agent that starts again gives nobody what belongs to pods that it has not looked at yet", () => {
    const { allocations, settle, woken } = open();
    const [waiting, other] = [pod("a", 500), pod("b", 600)];
    allocations.expect([waiting, other, pod("c", 50)]);
    const known = { web: { requests: { cpu: "300m" } } };
    const first = allocations.settle(waiting, known, () => woken.push("a"));
    expect([first.allocation["web"]?.requests?.cpu, first.pending?.reason]).toEqual([
      "300m",
      "Deferred",
    ]);
    expect(settle(other)).toEqual(["600m", undefined, undefined]);
    allocations.release("c");
    expect(woken).toEqual([]);
    allocations.release("b");
    expect(woken).toEqual(["a"]);
  });

  test("room goes to the higher priority first, then to who waited longer", () => {
    const { settle, woken, allocations } = open();
    for (const uid of ["a", "b", "c", "d", "e"]) settle(pod(uid, 200));
    settle(pod("a", 900));
    settle(pod("b", 400));
    settle(pod("c", 400, { priority: 10 }));
    allocations.release("d");
    expect(woken).toEqual(["c"]);
    allocations.release("e");
    expect(woken).toEqual(["c", "b"]);
  });

  test("a process that starts again holds what was held, not what is wished", () => {
    const allocations = createAllocations(CAPACITY);
    const known = { web: { requests: { cpu: "300m" } } };
    const settled = allocations.settle(pod("a", 5000), known, () => undefined);
    expect(settled).toMatchObject({ allocation: known, pending: { reason: "Infeasible" } });
  });

  test("resizes never take more together than the node has", () => {
    const step = fc.record({
      uid: fc.constantFrom("a", "b", "c", "d"),
      cpu: fc.integer({ min: 0, max: 1200 }),
      isReleased: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const allocations = createAllocations(CAPACITY);
        const held = new Map<string, Pod>();
        for (const uid of ["a", "b", "c", "d"]) {
          const first = pod(uid, 250);
          allocations.settle(first, undefined, () => undefined);
          held.set(uid, first);
        }
        for (const { uid, cpu, isReleased } of steps) {
          if (isReleased) {
            allocations.release(uid);
            held.delete(uid);
          } else if (held.has(uid)) held.set(uid, pod(uid, cpu));
          const now = [...held].map(([, wanted]) =>
            withAllocation(
              wanted,
              allocations.settle(wanted, undefined, () => undefined).allocation,
            ),
          );
          const total = now.reduce((sum, { spec }) => sum + podRequests({ spec }).cpuMillis, 0);
          expect(total).toBeLessThanOrEqual(1000);
        }
      }),
    );
  });
});
