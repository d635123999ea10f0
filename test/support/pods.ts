import type { Pod, PodSpec } from "#api/schema/types";

/** A small pod as the API would hand it to a node. */
export function testPod(spec: Partial<PodSpec> = {}, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", namespace: "default", uid: "uid-1", ...metadata },
    spec: {
      nodeName: "node-1",
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      containers: [{ name: "web", image: "web:1", imagePullPolicy: "IfNotPresent" }],
      ...spec,
    },
    status: { phase: "Pending" },
  };
}
