import { describe, expect, test } from "vitest";
import type { NodeStatus } from "#api/schema/types";
import { isSameNodeStatus, mergeNodeStatus } from "#control-plane/nodes/node-status";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const reported: NodeStatus = {
  capacity: { cpu: "4", "example.com/gpu": "2" },
  allocatable: { cpu: "3500m", "example.com/gpu": "2" },
  conditions: [{ type: "Ready", status: "True" }],
};

describe("a node's report", () => {
  test("keeps extended resources that somebody wrote into the capacity, and offers them", () => {
    const capacity = { cpu: "2", "example.com/dongle": "4", "example.com/gpu": "9" };
    const merged = mergeNodeStatus({ capacity }, reported, NOW);
    expect(merged.capacity).toEqual({
      cpu: "4",
      "example.com/gpu": "2",
      "example.com/dongle": "4",
    });
    expect(merged.allocatable).toEqual({
      cpu: "3500m",
      "example.com/gpu": "2",
      "example.com/dongle": "4",
    });
    expect(isSameNodeStatus(merged, mergeNodeStatus(merged, reported, NOW))).toBe(true);
  });

  test("forgets what the agent itself does not have any more", () => {
    const merged = mergeNodeStatus({ capacity: { "hugepages-64Ki": "1" } }, reported, NOW);
    expect(merged.capacity).toEqual(reported.capacity);
  });

  test("leaves conditions that others wrote", () => {
    const conditions = [{ type: "NetworkUnavailable", status: "False" }];
    const merged = mergeNodeStatus({ conditions }, reported, NOW);
    expect(merged.conditions?.map(({ type }) => type)).toEqual(["NetworkUnavailable", "Ready"]);
  });
});
