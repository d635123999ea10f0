import { defineAudit } from "#api/audit/define-audit";
import type { Node, Pod } from "#api/schema/types";

export const boundPodsHaveNodes = defineAudit({
  name: "bound-pods-have-nodes",
  invariant: "Every pod that is bound is bound to a node that exists.",
  isEventual: true,
  *check(objects) {
    const names = new Set(objects.of<Node>("Node").map((node) => node.metadata.name));
    for (const pod of objects.of<Pod>("Pod")) {
      const { nodeName } = pod.spec;
      if (nodeName && !names.has(nodeName)) {
        yield { object: pod, message: `it is bound to node "${nodeName}", which does not exist` };
      }
    }
  },
});
