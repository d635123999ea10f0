import { describe, expect, test } from "vitest";
import { CycleMemory, decide } from "#control-plane/scheduler/cycle";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { cycleProfile, enoughNodes, type Profile } from "#control-plane/scheduler/profile";
import { binPacking, profileFrom } from "#control-plane/scheduler/profiles";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { seededRng } from "#kit/rng";
import { viewOf } from "#test/support/scheduling";
import { node, pod } from "#test/support/workloads";

const requesting = (cpu: string) => ({
  containers: [{ name: "main", resources: { requests: { cpu, memory: "1Gi" } } }],
});

/** Where the second of two equal pods goes when the first is on "busy". */
function placeBeside(profile: Profile): string {
  const snapshot = new Snapshot();
  for (const name of ["idle", "busy"]) snapshot.setNode(node(name));
  snapshot.setPod(pod("first", { node: "busy", labels: {}, spec: requesting("1") }));
  const decision = decide(toPlace(pod("second", { labels: {}, spec: requesting("1") })), {
    view: viewOf(snapshot),
    profile: cycleProfile(profile),
    rng: seededRng(1),
    memory: new CycleMemory(),
  });
  return decision.type === "place" ? decision.nodeName : decision.message;
}

describe("a profile", () => {
  test("spreads over nodes by default", () => {
    expect(placeBeside({ name: "default-scheduler", plugins })).toBe("idle");
  });

  test("packs them when configured to", () => {
    expect(placeBeside(profileFrom(binPacking))).toBe("busy");
  });

  test("follows the line it is given", () => {
    const shape = [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ];
    const scoring = { type: "RequestedToCapacityRatio", shape } as const;
    const disabled = ["NodeResourcesBalancedAllocation"];
    expect(placeBeside(profileFrom({ schedulerName: "x", scoring, disabled }))).toBe("busy");
  });

  test("cannot name a plugin that there is not", () => {
    expect(() => profileFrom({ schedulerName: "x", weights: { Nonsense: 1 } })).toThrow(
      "scheduler profile x names unknown plugins: Nonsense",
    );
  });
});

test.each([
  [50, undefined, 50],
  [100, undefined, 100],
  [1_000, undefined, 420],
  [5_000, undefined, 500],
  [15_000, undefined, 750],
  [5_000, 100, 5_000],
  [5_000, 1, 100],
])(
  "of %i nodes, asked for %s %%, %i that can take the pod are enough",
  (total, percent, expected) => {
    expect(enoughNodes(total, percent)).toBe(expected);
  },
);
