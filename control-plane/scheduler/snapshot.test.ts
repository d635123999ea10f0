import fc from "fast-check";
import { expect, test } from "vitest";
import { podRequests } from "#api/kinds/pod-status";
import { keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { node, pod } from "#test/support/workloads";

const nodeNames = ["a", "b", "c"];
const change = fc.record({
  type: fc.constantFrom("setNode", "removeNode", "setPod", "endPod", "removePod"),
  node: fc.constantFrom(...nodeNames),
  pod: fc.constantFrom("p", "q", "r", "s"),
  cpu: fc.constantFrom("100m", "250m", "1"),
  gpus: fc.constantFrom("0", "1", "2"),
});

test("what a node has promised is the sum over its pods, whatever comes in whatever order", () => {
  const property = fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
    const snapshot = new Snapshot();
    const placed = new Map<string, Pod>();
    const nodes = new Set<string>();
    for (const { type, node: nodeName, pod: name, cpu, gpus } of changes) {
      const requests = { cpu, "example.com/gpu": gpus };
      const spec = { containers: [{ name: "main", resources: { requests } }] };
      const one = pod(name, { node: nodeName, spec });
      if (type === "setNode") {
        nodes.add(nodeName);
        snapshot.setNode(node(nodeName));
      } else if (type === "removeNode") {
        nodes.delete(nodeName);
        snapshot.removeNode(nodeName);
      } else if (type === "setPod") {
        placed.set(keyOf(one), one);
        snapshot.setPod(one);
      } else {
        placed.delete(keyOf(one));
        if (type === "endPod") snapshot.setPod({ ...one, status: { phase: "Succeeded" } });
        else snapshot.removePod(keyOf(one));
      }
    }
    expect([...snapshot.nodes].map(({ name }) => name).sort()).toEqual([...nodes].sort());
    for (const { name, requested, pods } of snapshot.nodes) {
      const here = [...placed.values()].filter(({ spec }) => spec.nodeName === name);
      const sums = here.map(podRequests);
      expect([...pods.keys()].sort()).toEqual(here.map(keyOf).sort());
      expect(requested.pods).toBe(here.length);
      expect(requested.cpuMillis).toBe(sums.reduce((sum, one) => sum + one.cpuMillis, 0));
      const gpus = sums.reduce((sum, one) => sum + (one.extended["example.com/gpu"] ?? 0), 0);
      expect(requested.extended["example.com/gpu"] ?? 0).toBe(gpus);
    }
  });
  fc.assert(property, { numRuns: 300 });
});
