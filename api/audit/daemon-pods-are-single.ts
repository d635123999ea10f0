import { defineAudit } from "#api/audit/define-audit";
import { isPodTerminal } from "#api/kinds/pod-status";
import { isZeroAmount } from "#api/kinds/rules/amounts";
import { controllerOf } from "#api/machinery/meta";
import type { DaemonSet, Pod } from "#api/schema/types";

export const daemonPodsAreSingle = defineAudit({
  name: "daemon-pods-are-single",
  invariant: "A DaemonSet runs at most one pod on a node, and with a surge at most two.",
  isEventual: true,
  *check(objects) {
    const sets = new Map(objects.of<DaemonSet>("DaemonSet").map((set) => [set.metadata.uid, set]));
    const counts = new Map<string, number>();
    for (const pod of objects.of<Pod>("Pod")) {
      const set = sets.get(controllerOf(pod)?.uid);
      const { nodeName } = pod.spec;
      if (!set || !nodeName || isPodTerminal(pod) || pod.metadata.deletionTimestamp) continue;
      const key = `${set.metadata.uid} ${nodeName}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      const allowed = isZeroAmount(set.spec.updateStrategy?.rollingUpdate?.maxSurge) ? 1 : 2;
      if (count > allowed) {
        const message = `DaemonSet "${set.metadata.name}" has ${count} pods on ${nodeName}, and ${allowed} may be there`;
        yield { object: pod, message };
      }
    }
  },
});
