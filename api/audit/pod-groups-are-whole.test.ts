import { describe, expect, test } from "vitest";
import { ObjectsByKind } from "#api/audit/define-audit";
import { podGroupsAreWhole } from "#api/audit/pod-groups-are-whole";
import type { KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";

function member(name: string, nodeName?: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      labels: { "kaji.dev/pod-group": "g" },
      annotations: { "kaji.dev/pod-group-min-available": "2" },
    },
    spec: { containers: [], ...(nodeName ? { nodeName } : {}) },
  };
}

const found = (...objects: KubeObject[]): number =>
  podGroupsAreWhole.check(new ObjectsByKind(objects)).length;

describe("pod-groups-are-whole", () => {
  test("finds a group of which a part is bound while the rest is there and waits", () => {
    expect(found(member("a", "n1"), member("b"))).toBe(1);
    expect(found(member("a", "n1"), member("b", "n1"), member("c"))).toBe(0);
    expect(found(member("a"), member("b"))).toBe(0);
  });

  test("excuses a group that lost pods since it started", () => {
    expect(found(member("a", "n1"))).toBe(0);
  });
});
