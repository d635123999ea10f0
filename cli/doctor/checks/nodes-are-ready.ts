import type { Node } from "#api/schema/types";
import { nodeExplainer } from "#api/why/node";
import { clusterCheck, subjectOf, whyCommandOf } from "#cli/doctor/define-check";

export const nodesAreReady = clusterCheck("every node is ready", function* ({ objects, unread }) {
  const nodes = objects.of<Node>("Node");
  if (nodes.length === 0 && !unread.includes("nodes")) {
    yield {
      severity: "broken",
      subject: "the cluster",
      problem: "the cluster has no node: `kaji up` starts this machine's",
      remedy: "another host joins with the command that a token comes with",
      command: "kaji token create",
    };
  }
  for (const node of nodes) {
    const trouble = nodeExplainer.trouble(node);
    if (!trouble) continue;
    const isCordoned = node.spec?.unschedulable === true && trouble.tone === "busy";
    yield {
      severity: trouble.tone === "bad" ? "broken" : "warning",
      subject: subjectOf(node),
      problem: trouble.sentence,
      remedy: isCordoned
        ? "let it take pods again when its maintenance is over"
        : "look at the agent's log on that host",
      command: isCordoned ? `kubectl uncordon ${node.metadata.name}` : whyCommandOf(node),
    };
  }
});
