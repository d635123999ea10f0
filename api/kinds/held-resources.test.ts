import { expect, test } from "vitest";
import { countedSpec } from "#api/kinds/held-resources";
import type { PodSpec, PodStatus } from "#api/schema/types";

const spec: PodSpec = {
  containers: [{ name: "c", resources: { requests: { cpu: "300m", memory: "1Gi" } } }],
};

function status(allocated: object, used: object, reason?: string): PodStatus {
  const common = { name: "c", image: "", imageID: "", ready: true, restartCount: 0 };
  const amounts = (more: object) => ({ cpu: "300m", memory: "1Gi", ...more });
  return {
    containerStatuses: [
      { ...common, allocatedResources: amounts(allocated), resources: { requests: amounts(used) } },
    ],
    conditions: reason ? [{ type: "PodResizePending", status: "True", reason }] : [],
  };
}

const rows: [title: string, status: PodStatus | undefined, cpu: string, memory: string][] = [
  ["nothing is known of it yet", undefined, "300m", "1Gi"],
  ["more is set aside", status({ cpu: "0.5" }, {}), "0.5", "1Gi"],
  ["more is in use", status({}, { memory: "2Gi" }), "300m", "2Gi"],
  [
    "less is set aside, and the wish may be granted",
    status({ cpu: "100m" }, { cpu: "100m" }, "Deferred"),
    "300m",
    "1Gi",
  ],
  ["the wish is hopeless", status({ cpu: "100m" }, { cpu: "200m" }, "Infeasible"), "200m", "1Gi"],
];

test.each(rows)("what counts of a pod when %s", (_, now, cpu, memory) => {
  const counted = countedSpec({ spec, status: now });
  expect(counted.containers[0]?.resources?.requests).toEqual({ cpu, memory });
});

test("a pod without a resize under way counts by its very spec", () => {
  expect(countedSpec({ spec, status: status({}, {}) })).toBe(spec);
  expect(countedSpec({ spec, status: { phase: "Running" } })).toBe(spec);
});
