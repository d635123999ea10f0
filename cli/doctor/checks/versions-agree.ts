import type { Node } from "#api/schema/types";
import { clusterCheck, subjectOf } from "#cli/doctor/define-check";

export const versionsAgree = clusterCheck(
  "one version runs everywhere",
  function* ({ objects, serverVersion }) {
    for (const node of objects.of<Node>("Node")) {
      const version = node.status?.nodeInfo?.kubeletVersion;
      if (version === undefined || version === serverVersion) continue;
      yield {
        severity: "warning",
        subject: subjectOf(node),
        problem: `its agent is of version ${version}, and the server of ${serverVersion}`,
        remedy: "empty it, install the server's version on that host and start the agent again",
        command: `kubectl drain ${node.metadata.name} --ignore-daemonsets`,
      };
    }
  },
);
