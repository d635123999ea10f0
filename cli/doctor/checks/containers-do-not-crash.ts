import { isPodReady } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { clusterCheck, inNamespace, MINUTE_MS, subjectOf } from "#cli/doctor/define-check";

const MANY_RESTARTS = 3;
const LATELY_MS = 60 * MINUTE_MS;

/** Those that run again: those that do not are told by the check on workloads. */
export const containersDoNotCrash = clusterCheck(
  "no container keeps restarting",
  function* ({ objects }, nowMs) {
    for (const pod of objects.of<Pod>("Pod").filter(isPodReady)) {
      for (const { name, restartCount, lastState } of pod.status?.containerStatuses ?? []) {
        const last = lastState?.terminated;
        const endedMs = Date.parse(last?.finishedAt ?? "");
        if (!last || restartCount < MANY_RESTARTS || nowMs - endedMs > LATELY_MS) continue;
        const isMemory = last.reason === "OOMKilled";
        const how = isMemory ? "for want of memory" : `with exit code ${last.exitCode}`;
        yield {
          severity: "warning",
          subject: subjectOf(pod),
          problem: `container ${name} was started again ${restartCount} times, last at ${last.finishedAt} ${how}`,
          remedy: isMemory ? "raise its memory limit" : "read its last words",
          command: `kaji logs ${pod.metadata.name} -c ${name} -p${inNamespace(pod)}`,
        };
      }
    }
  },
);
