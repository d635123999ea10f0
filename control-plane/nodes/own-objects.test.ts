import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { isOwnObject, ownMetrics } from "#control-plane/nodes/own-objects";

const bound: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1", labels: { app: "web" } },
  spec: { containers: [{ name: "main" }], nodeName: "n1" },
};
const assignments = {
  get: (node: string, uid: string) => (node === "n1" && uid === "u1" ? bound : undefined),
};

describe("events", () => {
  const pod = { kind: "Pod", namespace: "shop", name: "web", uid: "u1" };

  test.each([
    ["a pod bound to it", pod, true],
    ["itself", { kind: "Node", name: "n1" }, true],
    ["itself in the default namespace", { kind: "Node", name: "n1", namespace: "default" }, true],
    ["another kind with its pod's uid", { ...pod, kind: "Secret" }, false],
    ["another namespace with its pod's uid", { ...pod, namespace: "kube-system" }, false],
    ["another name with its pod's uid", { ...pod, name: "other" }, false],
    ["a pod that is not bound to it", { ...pod, uid: "u2" }, false],
    ["a pod without a uid", { kind: "Pod", namespace: "shop", name: "web" }, false],
    ["another node", { kind: "Node", name: "n2" }, false],
    ["itself in another namespace", { kind: "Node", name: "n1", namespace: "shop" }, false],
  ])("of %s: %j is allowed: %s", (_, object, isOwn) => {
    expect(isOwnObject("n1", assignments, object)).toBe(isOwn);
  });
});

describe("metrics", () => {
  const node = { metadata: { name: "n1" }, usage: { cpu: "1n" } };
  const pods = [{ metadata: { name: "web", namespace: "shop" }, containers: [] }];

  test("of the node and its pods stay, with the labels that the API has", () => {
    expect(ownMetrics("n1", [bound], { node, pods })).toEqual({
      node,
      pods: [
        { metadata: { name: "web", namespace: "shop", labels: { app: "web" } }, containers: [] },
      ],
    });
  });

  test("of others, and what has no name, are left out", () => {
    const foreign = [
      null,
      7,
      {},
      { metadata: null },
      { metadata: { name: "web", namespace: "kube-system" } },
    ];
    const kept = ownMetrics("n1", [bound], {
      node: { metadata: { name: "n2" } },
      pods: [...foreign, ...pods],
    });
    expect(kept.node).toBeUndefined();
    expect(kept.pods).toHaveLength(1);
    expect(ownMetrics("n1", [], { node: null, pods })).toEqual({ node: undefined, pods: [] });
  });
});
