import { defineAudit } from "#api/audit/define-audit";
import { type PodGroup, podGroupOf } from "#api/kinds/pod-group";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";

export const podGroupsAreWhole = defineAudit({
  name: "pod-groups-are-whole",
  invariant:
    "Of a pod group that has enough pods, as many as it needs are bound to nodes, or none.",
  // Bindings are written one after another.
  isEventual: true,
  *check(objects) {
    const groups = new Map<string, { readonly group: PodGroup; readonly pods: Pod[] }>();
    for (const pod of objects.of<Pod>("Pod")) {
      const group = podGroupOf(pod);
      if (!group || isPodTerminal(pod) || pod.metadata.deletionTimestamp) continue;
      const known = groups.get(group.key);
      if (known) known.pods.push(pod);
      else groups.set(group.key, { group, pods: [pod] });
    }
    for (const { group, pods } of groups.values()) {
      const [first] = pods;
      const bound = pods.filter(({ spec }) => spec.nodeName).length;
      const isWhole =
        bound === 0 || bound >= group.minAvailable || pods.length < group.minAvailable;
      if (isWhole || !first) continue;
      const message = `its group ${group.name} needs ${group.minAvailable} pods together, and ${bound} are bound`;
      yield { object: first, message };
    }
  },
});
