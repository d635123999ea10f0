import { defineAudit } from "#api/audit/define-audit";
import { controllerOf } from "#api/machinery/meta";
import type { Pod, StatefulSet } from "#api/schema/types";

export const statefulPodsAreSingle = defineAudit({
  name: "stateful-pods-are-single",
  invariant: "A StatefulSet has at most one pod of each ordinal, named after it and the ordinal.",
  isEventual: false,
  *check(objects) {
    const sets = new Map(
      objects.of<StatefulSet>("StatefulSet").map((set) => [set.metadata.uid, set]),
    );
    const seen = new Set<string>();
    for (const pod of objects.of<Pod>("Pod")) {
      const set = sets.get(controllerOf(pod)?.uid);
      if (!set) continue;
      const title = `StatefulSet "${set.metadata.name}"`;
      const ordinal = ordinalOf(pod.metadata.name, set.metadata.name);
      if (ordinal === undefined) {
        yield {
          object: pod,
          message: `${title} controls it, and it is not named after an ordinal`,
        };
        continue;
      }
      const identity = `${set.metadata.uid} ${ordinal}`;
      if (seen.has(identity)) {
        yield { object: pod, message: `${title} has another pod of the ordinal ${ordinal}` };
      }
      seen.add(identity);
    }
  },
});

/** "web-01" and "web-1" are two names of one ordinal. */
function ordinalOf(podName: string, setName: string): number | undefined {
  const [, name, ordinal] = /^(.*)-(\d+)$/.exec(podName) ?? [];
  return name === setName ? Number(ordinal) : undefined;
}
