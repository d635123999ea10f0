import { describe, expect, test } from "vitest";
import type { IntOrString } from "#api/schema/types";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { RolloutModel } from "#test/support/rollout-model";
import { deployment, replicaSet } from "#test/support/workloads";

function rolling(maxSurge: IntOrString, maxUnavailable: IntOrString) {
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
}

/** A Deployment whose v1 is complete. */
function running(spec: Parameters<typeof deployment>[1] = {}): RolloutModel {
  const model = new RolloutModel(deployment("web", spec));
  model.settle();
  model.events.length = 0;
  return model;
}

function setImage(model: RolloutModel, image: string): void {
  model.edit(({ spec }) => {
    for (const container of spec.template.spec?.containers ?? []) container.image = image;
  });
}

describe("a new Deployment", () => {
  test("gets one ReplicaSet of revision 1 and says that it is complete", () => {
    const model = new RolloutModel(deployment("web"));
    model.step();
    expect(model.condition("Progressing")).toMatchObject({
      status: "True",
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${newReplicaSetName(model.deployment)}"`,
    });
    expect(model.condition("Available")?.status).toBe("False");
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.revisionOf("v1")).toBe("1");
    expect(model.deployment.metadata.annotations).toMatchObject({
      "deployment.kubernetes.io/revision": "1",
    });
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
    expect(model.condition("Available")?.reason).toBe("MinimumReplicasAvailable");
    expect(model.deployment.status).toMatchObject({ observedGeneration: 1, availableReplicas: 3 });
  });

  test("with no replicas is complete without a pod", () => {
    const model = new RolloutModel(deployment("web", { replicas: 0 }));
    model.settle();
    expect(model.pods.size).toBe(0);
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
    expect(model.events).toEqual([]);
  });
});

describe("a rolling update", () => {
  test.each([
    [
      1,
      0,
      [
        "v1:3/3 v2:0/1",
        "v1:2/2 v2:1/1",
        "v1:2/2 v2:1/2",
        "v1:1/1 v2:2/2",
        "v1:1/1 v2:2/3",
        "v2:3/3",
      ],
    ],
    [
      0,
      1,
      ["v1:2/2", "v1:2/2 v2:0/1", "v1:1/1 v2:1/1", "v1:1/1 v2:1/2", "v2:2/2", "v2:2/3", "v2:3/3"],
    ],
    [3, 0, ["v1:3/3 v2:0/3", "v2:3/3"]],
    ["100%", "100%", ["v1:3/3 v2:0/3", "v2:0/3", "v2:3/3"]],
    [
      "25%",
      "25%",
      [
        "v1:3/3 v2:0/1",
        "v1:2/2 v2:1/1",
        "v1:2/2 v2:1/2",
        "v1:1/1 v2:2/2",
        "v1:1/1 v2:2/3",
        "v2:3/3",
      ],
    ],
  ])("with maxSurge %s and maxUnavailable %s goes these steps", (surge, unavailable, expected) => {
    const model = running({ strategy: rolling(surge, unavailable) });
    setImage(model, "v2");
    const seen: string[] = [];
    for (let round = 0; round < 30; round++) {
      const isQuiet = model.step().length === 0;
      if (seen.at(-1) !== model.summary) seen.push(model.summary);
      // Pods become ready only when the plan can do no more without them.
      if (isQuiet) for (const one of model.active) model.setReady(one, true);
      model.goneAll();
    }
    if (seen[0] === "v1:3/3") seen.shift();
    expect(seen.filter((line) => expected.includes(line))).toEqual(expected);
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
  });

  test("takes unhealthy old pods first, however few may be unavailable", () => {
    const model = running({ replicas: 4, strategy: rolling(1, 1) });
    for (const one of model.active.slice(0, 3)) model.setReady(one, false);
    setImage(model, "v2");
    model.settle({ makeReady: false });
    // 5 pods in all, 1 available where 3 are the minimum: one that serves nobody makes room for a second new one.
    expect(model.ready).toHaveLength(1);
    expect(model.summary).toBe("v1:1/3 v2:0/2");
  });

  test("stops while the new version does not become ready, and keeps the old one serving", () => {
    const model = running({ strategy: rolling(1, 0) });
    setImage(model, "broken");
    model.settle({ makeReady: false });
    expect(model.summary).toBe("v1:3/3 broken:0/1");
  });

  test("says what it scaled", () => {
    const model = running({ replicas: 1 });
    const [old] = [...model.sets.keys()];
    setImage(model, "v2");
    model.settle();
    const fresh = newReplicaSetName(model.deployment);
    expect(model.events.filter((event) => event.startsWith("Scaled"))).toEqual([
      `Scaled up replica set ${fresh} from 0 to 1`,
      `Scaled down replica set ${old} from 1 to 0`,
    ]);
  });
});

describe("the progress deadline", () => {
  test("fails a roll-out that does not move, and is reached by time alone", () => {
    const model = running({ progressDeadlineSeconds: 60, strategy: rolling(1, 0) });
    setImage(model, "broken");
    model.settle({ makeReady: false });
    expect(model.plan).toEqual([{ type: "requeue", afterMs: 60_000 }]);
    model.nowMs += 60_000;
    model.settle({ makeReady: false });
    expect(model.condition("Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `ReplicaSet "${newReplicaSetName(model.deployment)}" has timed out progressing.`,
    });
    expect(model.plan).toEqual([]);
  });

  test("starts anew whenever a pod becomes ready", () => {
    const model = running({ progressDeadlineSeconds: 60, replicas: 2, strategy: rolling(2, 0) });
    setImage(model, "v2");
    model.settle({ makeReady: false });
    model.nowMs += 50_000;
    const [late] = model.active.filter((one) => !model.ready.includes(one));
    if (late) model.setReady(late, true);
    model.settle({ makeReady: false });
    model.nowMs += 50_000;
    model.settle({ makeReady: false });
    expect(model.condition("Progressing")?.reason).toBe("ReplicaSetUpdated");
  });

  test("does not concern pods that are lost long after the roll-out", () => {
    const model = running({ progressDeadlineSeconds: 60 });
    for (const one of model.active) model.setReady(one, false);
    model.settle({ makeReady: false });
    model.nowMs += 3_600_000;
    model.settle({ makeReady: false });
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
    expect(model.condition("Available")?.status).toBe("False");
  });
});

describe("a rollback", () => {
  test("uses the ReplicaSet that is there, as the newest revision", () => {
    const model = running();
    setImage(model, "v2");
    model.settle();
    expect(model.revisionOf("v2")).toBe("2");
    setImage(model, "v1");
    model.settle();
    expect(model.sets.size).toBe(2);
    expect(model.summary).toBe("v1:3/3");
    expect(model.revisionOf("v1")).toBe("3");
    const [first] = model.sets.values();
    expect(first?.metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
  });

  test("of a failed roll-out makes it progress again", () => {
    const model = running({ progressDeadlineSeconds: 60, strategy: rolling(1, 0) });
    setImage(model, "broken");
    model.settle({ makeReady: false });
    model.nowMs += 60_000;
    model.settle({ makeReady: false });
    setImage(model, "v1");
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.condition("Progressing")?.reason).toBe("NewReplicaSetAvailable");
  });
});

describe("a paused Deployment", () => {
  test("does not roll out, and goes on when it is resumed", () => {
    const model = running();
    model.edit(({ spec }) => {
      spec.paused = true;
    });
    setImage(model, "v2");
    model.settle();
    expect(model.summary).toBe("v1:3/3");
    expect(model.condition("Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    });
    model.edit(({ spec }) => {
      spec.paused = false;
    });
    model.settle();
    expect(model.summary).toBe("v2:3/3");
  });

  test("in the middle of a roll-out is scaled in proportion", () => {
    const model = running({ replicas: 10, strategy: rolling(3, 2) });
    setImage(model, "v2");
    model.settle({ makeReady: false });
    expect(model.summary).toBe("v1:8/8 v2:0/5");
    model.edit(({ spec }) => {
      spec.paused = true;
      spec.replicas = 15;
    });
    model.settle({ makeReady: false });
    // Source: Kubernetes, "Deployments: proportional scaling": 10 to 15 gives three and two.
    expect(model.summary).toBe("v1:8/11 v2:0/7");
  });
});

describe("scaling", () => {
  test("in the middle of a roll-out keeps the proportion and the roll-out goes on", () => {
    const model = running({ replicas: 4, strategy: rolling(2, 0) });
    setImage(model, "v2");
    model.settle({ makeReady: false });
    expect(model.summary).toBe("v1:4/4 v2:0/2");
    model.edit(({ spec }) => {
      spec.replicas = 2;
    });
    model.step();
    expect(model.summary).toBe("v1:3/3 v2:0/1");
    model.settle();
    expect(model.summary).toBe("v2:2/2");
  });

  test.each([0, 1, 7])("to %i ends there", (replicas) => {
    const model = running();
    model.edit(({ spec }) => {
      spec.replicas = replicas;
    });
    model.settle();
    expect(model.active).toHaveLength(replicas);
  });
});

describe("the strategy Recreate", () => {
  const strategy = { type: "Recreate" };

  test("starts nothing new before the last old pod is gone, even back to a version that was there", () => {
    const model = running({ strategy });
    for (const image of ["v2", "v1"]) {
      setImage(model, image);
      model.step();
      model.step();
      model.step();
      expect(model.active).toHaveLength(0);
      expect(model.pods.size).toBe(3);
      model.settle();
      expect(model.summary).toBe(`${image}:3/3`);
    }
  });

  test("counts as available only when all pods are", () => {
    const model = running({ strategy });
    const [one] = model.active;
    if (one) model.setReady(one, false);
    model.settle({ makeReady: false });
    expect(model.condition("Available")?.status).toBe("False");
  });
});

describe("old ReplicaSets", () => {
  test("beyond the history limit go by revision, once the roll-out is complete", () => {
    const model = running({ revisionHistoryLimit: 1 });
    setImage(model, "v2");
    model.settle();
    setImage(model, "v1");
    model.settle();
    setImage(model, "v3");
    model.settle({ makeReady: false });
    expect(model.sets.size).toBe(3);
    model.settle();
    // v1 is older than v2 by creation, and newer by revision.
    expect(model.revisionOf("v1")).toBe("3");
    expect(model.revisionOf("v2")).toBeUndefined();
  });

  test("of a foreign owner with the name of the new one are walked around", () => {
    const base = deployment("web");
    const name = newReplicaSetName(base);
    const foreign = replicaSet(name, 1);
    foreign.metadata.ownerReferences = [
      { apiVersion: "v1", kind: "Other", name: "other", uid: "uid-other", controller: true },
    ];
    const model = new RolloutModel(base, [foreign]);
    model.settle();
    expect(model.deployment.status?.collisionCount).toBe(1);
    expect(newReplicaSetName(model.deployment)).not.toBe(name);
    expect(model.sets.get(newReplicaSetName(model.deployment))?.status?.readyReplicas).toBe(3);
  });

  test("without an owner are adopted when they match", () => {
    const orphan = replicaSet("web-orphan", 3);
    orphan.metadata.labels = { app: "web" };
    const model = new RolloutModel(deployment("web"), [orphan]);
    model.settle();
    expect([...model.sets.keys()]).toEqual(["web-orphan"]);
    expect(model.sets.get("web-orphan")?.metadata.ownerReferences).toMatchObject([
      { kind: "Deployment", uid: "uid-web", controller: true },
    ]);
  });
});

test("a ReplicaSet's failure to make pods is said on the Deployment", () => {
  const model = running();
  const [set] = model.sets.values();
  if (!set) throw new Error("there is no ReplicaSet");
  const condition = {
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message: "no quota",
  };
  const pods = [...model.pods.keys()].slice(0, 1);
  for (const name of pods) model.pods.delete(name);
  model.sets.set(set.metadata.name, {
    ...set,
    status: { ...set.status, replicas: 2, conditions: [condition] },
  });
  for (const action of model.plan) {
    if (action.type === "updateStatus") model.deployment = action.object as typeof model.deployment;
  }
  expect(model.condition("ReplicaFailure")).toMatchObject({
    reason: "FailedCreate",
    message: "no quota",
  });
});
