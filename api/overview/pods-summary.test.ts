import { expect, test } from "vitest";
import { summaryOf } from "#api/overview/pods-summary";
import type { Pod } from "#api/schema/types";

function pod(name: string, status: object, owner = "ReplicaSet/web", minute = 0): Pod {
  const [kind = "", uid = ""] = owner.split("/");
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: {
      ...{ name, namespace: "shop", uid: name, labels: { app: "web" } },
      creationTimestamp: `2026-01-01T12:0${minute}:00Z`,
      ownerReferences: [{ apiVersion: "v1", kind, name: uid, uid, controller: true }],
    },
    spec: {
      nodeName: "n1",
      containers: [
        { name: "c", image: "i", resources: { requests: { cpu: "100m", memory: "1Mi" } } },
      ],
    },
    status,
  } as Pod;
}

const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
const broken = {
  phase: "Running",
  containerStatuses: [
    {
      name: "c",
      ready: false,
      restartCount: 1,
      state: { waiting: { reason: "CrashLoopBackOff" } },
    },
  ],
};

test("pods are counted by their state, with what they ask for until they have ended", () => {
  const { pods, states, requested } = summaryOf([
    pod("a", ready),
    pod("b", broken),
    pod("c", { phase: "Succeeded" }),
  ]);
  expect({ pods, states, requested }).toEqual({
    pods: 3,
    states: { Running: 1, CrashLoopBackOff: 1, Succeeded: 1 },
    requested: { cpuMillis: 200, memoryBytes: 2 * 1024 * 1024 },
  });
});

test("the oldest of an owner's pods tells the trouble of all, and who it is and no more", () => {
  const { troubled } = summaryOf([
    pod("young", broken, undefined, 5),
    pod("old", broken, undefined, 1),
  ]);
  expect(troubled).toMatchObject([{ pod: { metadata: { name: "old" } }, others: 1 }]);
  expect(Object.keys(troubled[0]?.pod ?? {})).toEqual(["apiVersion", "kind", "metadata"]);
  expect(troubled[0]?.pod.metadata).not.toHaveProperty("labels");
});

test("the pods of a Job are told of by the Job, and of very many troubles some are left", () => {
  expect(summaryOf([pod("a", broken, "Job/migrate")]).troubled).toEqual([]);
  const many = Array.from({ length: 210 }, (_, i) => pod(`p${i}`, broken, `ReplicaSet/${i}`));
  const { troubled, left } = summaryOf(many);
  expect([troubled.length, left]).toEqual([200, 10]);
});
