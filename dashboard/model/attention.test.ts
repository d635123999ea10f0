import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { explainerOf } from "#api/why/index";
import { attentionsOf, nothingWords } from "#dashboard/model/attention";

const nowMs = Date.parse("2026-01-01T12:00:00Z");

function pod(name: string, reason: string, more: { owner?: string; age?: number } = {}): Pod {
  const { owner, age = 600 } = more;
  const [kind = "", uid = ""] = (owner ?? "").split("/");
  return {
    ...{ apiVersion: "v1", kind: "Pod" },
    metadata: {
      ...{ name, namespace: "shop", uid: name },
      creationTimestamp: new Date(nowMs - age * 1000).toISOString(),
      ...(owner
        ? { ownerReferences: [{ apiVersion: "v1", kind, name: uid, uid, controller: true }] }
        : {}),
    },
    spec: { nodeName: "n1", containers: [{ name: "c", image: "i" }] },
    status: {
      phase: "Pending",
      containerStatuses: [
        {
          ...{ name: "c", image: "i", imageID: "", ready: false, restartCount: 0 },
          state: { waiting: { reason } },
        },
      ],
    },
  };
}

function names(pods: readonly Pod[]): string[] {
  const explainer = explainerOf({ group: "", plural: "pods" });
  if (!explainer) throw new Error("nothing explains pods");
  return attentionsOf([[explainer, pods]], nowMs).map(
    ({ object, trouble, others }) => `${object.metadata.name} ${trouble.tone} ${others}`,
  );
}

describe("what needs attention", () => {
  test("has what is wrong before what takes long, and nothing that has only just begun", () => {
    const slow = pod("slow", "ContainerCreating");
    const fresh = pod("fresh", "ContainerCreating", { age: 5 });
    expect(names([slow, fresh, pod("broken", "ErrImagePull", { age: 5 })])).toEqual([
      "broken bad 0",
      "slow busy 0",
    ]);
  });

  test("does not say that all is well where not all could be seen", () => {
    expect(nothingWords(0, 12)).toContain("as it should be");
    expect(nothingWords(3, 12)).toBe("Nothing in what you may see.");
    expect(nothingWords(12, 12)).toBe("Nothing can be said of it.");
  });

  test("names one of many pods of a version, and leaves those of a Job to the Job", () => {
    const owner = "ReplicaSet/web-1";
    const pods = ["a", "b", "c"].map((name) => pod(name, "ImagePullBackOff", { owner }));
    expect(names([...pods, pod("d", "ErrImagePull", { owner: "Job/j" })])).toEqual(["a bad 2"]);
  });
});
