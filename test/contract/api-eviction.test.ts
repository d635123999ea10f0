import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetSpec } from "#api/schema/types";
import { pod, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.client.create(nodeKind, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
  } as never);
});
afterAll(() => api.close());

interface Situation {
  readonly spec?: PodDisruptionBudgetSpec;
  readonly allowed?: number;
  readonly healthy?: number;
  readonly isReady?: boolean;
  readonly phase?: string;
  readonly isObserved?: boolean;
}

let serial = 0;

/** A running pod with a budget whose status says so much. Each has labels of its own. */
async function arrange(situation: Situation = {}): Promise<string> {
  const { spec = {}, allowed = 1, healthy = 2, isReady = true, phase = "Running" } = situation;
  const name = `pod-${serial++}`;
  const base = pod(name, { nodeName: "n", terminationGracePeriodSeconds: 30 });
  await api.client.create(podKind, { ...base, metadata: { ...base.metadata, labels: { name } } });
  const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
  await patchStatus(podKind, name, { phase, conditions });
  await budgetFor(name, name, spec);
  await patchStatus(podDisruptionBudgetKind, name, {
    observedGeneration: situation.isObserved === false ? 0 : 1,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: 2,
    expectedPods: 3,
  });
  return name;
}

async function budgetFor(name: string, label: string, spec: PodDisruptionBudgetSpec = {}) {
  const budget: PodDisruptionBudget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { minAvailable: 2, selector: { matchLabels: { name: label } }, ...spec },
  };
  await api.client.create(podDisruptionBudgetKind, budget);
}

async function patchStatus(
  kind: typeof podKind | typeof podDisruptionBudgetKind,
  name: string,
  status: object,
): Promise<void> {
  const target = { name, namespace: "default", subresource: "status" };
  await api.client.patch(kind as never, target, { type: "merge", body: { status } });
}

function evict(name: string, more: object = {}): Promise<unknown> {
  const metadata = { name, namespace: "default" };
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata, ...more };
  return api.client.raw("POST", `/api/v1/namespaces/default/pods/${name}/eviction`, body);
}

const podNamed = (name: string): Promise<Pod> => api.client.get(podKind, name, "default");
const budgetNamed = (name: string): Promise<PodDisruptionBudget> =>
  api.client.get(podDisruptionBudgetKind, name, "default");

describe("evicting a pod", () => {
  test("that the budget can spare takes one disruption, marks the pod and deletes it gracefully", async () => {
    const name = await arrange({ allowed: 1 });
    await evict(name);
    const { metadata, status } = await podNamed(name);
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({
        type: "DisruptionTarget",
        status: "True",
        reason: "EvictionByEvictionAPI",
        message: "Eviction API: evicting",
      }),
    );
    const budget = await budgetNamed(name);
    expect(budget.status?.disruptionsAllowed ?? 0).toBe(0);
    expect(Object.keys(budget.status?.disruptedPods ?? {})).toEqual([name]);
    expect(budget.status?.conditions).toMatchObject([{ reason: "InsufficientPods" }]);
  });

  test("that the budget cannot spare is refused with 429 and the reason", async () => {
    const name = await arrange({ allowed: 0 });
    const refusal = await refusalOf(evict(name));
    expect(refusal.status).toMatchObject({
      code: 429,
      reason: "TooManyRequests",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: `The disruption budget ${name} needs 2 healthy pods and has 2 currently`,
          },
        ],
      },
    });
    expect((await podNamed(name)).metadata.deletionTimestamp).toBeUndefined();
  });

  test("waits for a budget that the controller has not looked at yet", async () => {
    const name = await arrange({ isObserved: false });
    const { details } = (await refusalOf(evict(name))).status;
    expect(details).toMatchObject({
      retryAfterSeconds: 10,
      causes: [
        { message: `The disruption budget ${name} is still being processed by the server.` },
      ],
    });
  });

  test("of several at once grants no more than the budget allows", async () => {
    const name = await arrange({ allowed: 2 });
    const names = [name];
    for (const more of ["x", "y", "z"]) {
      const base = pod(`${name}-${more}`, { nodeName: "n" });
      const metadata = { ...base.metadata, labels: { name } };
      await api.client.create(podKind, { ...base, metadata });
      const conditions = [{ type: "Ready", status: "True" }];
      await patchStatus(podKind, metadata.name, { phase: "Running", conditions });
      names.push(metadata.name);
    }
    const outcomes = await Promise.allSettled(names.map((one) => evict(one)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  });

  test.each<[string, Situation, boolean]>([
    ["pending", { phase: "Pending", isReady: false }, true],
    ["ended", { phase: "Failed", isReady: false }, true],
    ["not ready while the budget is short of pods", { isReady: false, healthy: 1 }, false],
    ["not ready while enough others are healthy", { isReady: false, healthy: 2 }, true],
    [
      "not ready, which the budget always lets go",
      { isReady: false, healthy: 1, spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" } },
      true,
    ],
  ])("that is %s: granted without a disruption to spend?", async (_, situation, isGranted) => {
    const name = await arrange({ ...situation, allowed: 0 });
    const outcome = await evict(name).then(
      () => true,
      () => false,
    );
    expect(outcome).toBe(isGranted);
    expect((await budgetNamed(name)).status?.disruptedPods).toBeUndefined();
  });

  test("with two budgets is refused", async () => {
    const name = await arrange();
    await budgetFor(`${name}-second`, name);
    expect((await refusalOf(evict(name))).message).toBe(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  });

  test("as a dry run changes nothing", async () => {
    const name = await arrange();
    await evict(name, { deleteOptions: { dryRun: ["All"] } });
    const { metadata, status } = await podNamed(name);
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(status?.conditions).toHaveLength(1);
    expect((await budgetNamed(name)).status?.disruptionsAllowed).toBe(1);
  });

  test("keeps to the preconditions and the grace that the client names", async () => {
    const name = await arrange();
    const refusal = await refusalOf(
      evict(name, { deleteOptions: { preconditions: { uid: "another" } } }),
    );
    expect(refusal.code).toBe(409);
    await evict(name, { deleteOptions: { gracePeriodSeconds: 7 } });
    expect((await podNamed(name)).metadata.deletionGracePeriodSeconds).toBe(7);
  });
});
