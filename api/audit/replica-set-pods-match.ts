import { defineAudit } from "#api/audit/define-audit";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf } from "#api/machinery/meta";
import type { Pod, ReplicaSet } from "#api/schema/types";

export const replicaSetPodsMatch = defineAudit({
  name: "replica-set-pods-match",
  invariant:
    "Every pod that a ReplicaSet controls matches its selector and lives in its namespace.",
  isEventual: true,
  *check(objects) {
    const sets = new Map(
      objects.of<ReplicaSet>("ReplicaSet").map((set) => [set.metadata.uid, set]),
    );
    for (const pod of objects.of<Pod>("Pod")) {
      const set = sets.get(controllerOf(pod)?.uid);
      if (!set) continue;
      const title = `ReplicaSet "${set.metadata.name}"`;
      if (pod.metadata.namespace !== set.metadata.namespace) {
        yield { object: pod, message: `${title}, which controls it, is in another namespace` };
      }
      if (!selectorFromLabelSelector(set.spec.selector).matches(pod.metadata.labels)) {
        yield { object: pod, message: `${title} controls it, and its labels do not match` };
      }
    }
  },
});
