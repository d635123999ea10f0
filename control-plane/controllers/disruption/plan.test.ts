import { describe, expect, test } from "vitest";
import type {
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetSpec,
  PodDisruptionBudgetStatus,
} from "#api/schema/types";
import type { Scale } from "#control-plane/controllers/disruption/controller";
import { DELETION_TIMEOUT_MS, planDisruption } from "#control-plane/controllers/disruption/plan";
import { T0, disruptionBudget, pod } from "#test/support/workloads";

const deployment: Scale = { type: "known", uid: "uid-web", replicas: 4 };
const ready = (name: string): Pod => pod(name, { isReady: true, ageMs: 60_000 });
const three = ["a", "b", "c"].map(ready);

function statusOf(
  spec: PodDisruptionBudgetSpec,
  pods: readonly Pod[],
  { scale = deployment, before = {} }: { scale?: Scale; before?: object } = {},
) {
  const budget = { ...disruptionBudget("web", spec), ...before } as PodDisruptionBudget;
  const scaled = pods.map((one) => ({ pod: one, scale }));
  const actions = planDisruption({ budget, pods: scaled }, T0);
  const [update] = actions.filter((action) => action.type === "updateStatus");
  const status = (update?.object as PodDisruptionBudget | undefined)?.status;
  const events = actions.flatMap((action) =>
    action.type === "event" ? [action.event.reason] : [],
  );
  return { status, events, actions };
}

describe("a disruption budget", () => {
  test.each([
    ["2 of the pods that there are", { minAvailable: 2 }, [2, 3, 1]],
    ["half of the pods that there should be", { minAvailable: "50%" }, [2, 4, 1]],
    ["a share that is rounded up", { minAvailable: "51%" }, [3, 4, 0]],
    ["all but one", { maxUnavailable: 1 }, [3, 4, 0]],
    ["all but a share, rounded up", { maxUnavailable: "26%" }, [2, 4, 1]],
    ["none at all", { maxUnavailable: "100%" }, [0, 4, 3]],
    ["more than there are", { minAvailable: 9 }, [9, 3, 0]],
  ])("may ask for %s", (_, spec, [desiredHealthy, expectedPods, disruptionsAllowed]) => {
    expect(statusOf(spec, three).status).toMatchObject({
      observedGeneration: 1,
      currentHealthy: 3,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed,
    });
  });

  test("counts neither pods that are not ready, nor those being deleted, nor those promised to an eviction", () => {
    const pods = [...three, pod("d"), pod("e", { isReady: true, isDeleted: true })];
    const disruptedPods = {
      a: new Date(T0 - 1000).toISOString(),
      gone: new Date(T0).toISOString(),
    };
    const { status, actions } = statusOf({ minAvailable: 1 }, pods, {
      before: { status: { disruptedPods } },
    });
    expect(status).toMatchObject({ currentHealthy: 2, expectedPods: 5 });
    expect(Object.keys(status?.disruptedPods ?? {})).toEqual(["a"]);
    expect(actions).toContainEqual({ type: "requeue", afterMs: DELETION_TIMEOUT_MS - 1000 + 1 });
  });

  test("counts a pod again when its eviction was given up, and a later pod of the same name at once", () => {
    const late = new Date(T0 - DELETION_TIMEOUT_MS - 1000).toISOString();
    const before = { status: { disruptedPods: { a: late } } };
    expect(statusOf({ minAvailable: 1 }, three, { before }).status?.currentHealthy).toBe(3);
    const earlier = { status: { disruptedPods: { b: new Date(T0 - 90_000).toISOString() } } };
    const { status } = statusOf({ minAvailable: 1 }, three, { before: earlier });
    expect(status?.currentHealthy).toBe(3);
    expect(status?.disruptedPods).toBeUndefined();
  });

  test("allows nothing when it cannot know how many pods there should be, and says why", () => {
    const problem = "daemonsets.apps does not implement the scale subresource";
    const scale: Scale = { type: "unknown", problem };
    const { status, events } = statusOf({ maxUnavailable: 1 }, three, { scale });
    expect(status).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: problem },
      ],
    });
    expect(events).toEqual(["CalculateExpectedPodCountFailed"]);
  });

  test("warns of pods that nobody controls, once", () => {
    const scale: Scale = { type: "unmanaged" };
    const { status, events } = statusOf({ minAvailable: "50%" }, three, { scale });
    expect(status).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    expect(events).toEqual(["UnmanagedPods"]);
    const before = { status };
    expect(statusOf({ minAvailable: "50%" }, three, { scale, before }).actions).toEqual([]);
  });

  test("without pods allows nothing", () => {
    const { status, events } = statusOf({ minAvailable: 0 }, []);
    expect(status).toMatchObject({ disruptionsAllowed: 0, expectedPods: 0 });
    expect(events).toEqual(["NoPods"]);
  });

  test("keeps the time of its condition while that stays the same", () => {
    const lastTransitionTime = "2025-01-01T00:00:00Z";
    const known = { type: "DisruptionAllowed", status: "True", lastTransitionTime };
    const status = { conditions: [known] } as PodDisruptionBudgetStatus;
    const next = statusOf({ minAvailable: 1 }, three, { before: { status } }).status;
    expect(next?.conditions).toMatchObject([{ reason: "SufficientPods", lastTransitionTime }]);
  });
});
