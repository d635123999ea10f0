import { isPodTerminal } from "#api/kinds/pod-status";
import type { Node } from "#api/schema/types";
import { warningLines } from "#api/why/events-about";
import { defineExplainer, type Trouble } from "#api/why/explainer";
import { conditionSentence } from "#api/why/pending";

export const nodeExplainer = defineExplainer<Node>({
  ...{ group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false },
  reads: ["events", "pods"],
  trouble: nodeTrouble,
  explain(node, around) {
    const on = (around.pods ?? []).filter(
      (pod) => pod.spec.nodeName === node.metadata.name && !isPodTerminal(pod),
    );
    const taints = (node.spec?.taints ?? []).map(
      ({ key, effect }) => `the taint ${key} keeps pods away that do not tolerate it (${effect})`,
    );
    const most = Number(node.status?.allocatable?.pods ?? 0);
    return [
      nodeTrouble(node)?.sentence ?? "is ready",
      ...pressures(node).map((text) => `it is under pressure: ${text}`),
      ...taints,
      ...(around.pods && most > 0 && on.length >= most
        ? [`it is full: ${on.length} of ${most} pods`]
        : []),
      ...warningLines(node, around.events),
    ];
  },
});

function nodeTrouble(node: Node): Trouble | undefined {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") {
    const because = conditionSentence(ready) || "its agent has not said anything yet";
    return { tone: "bad", sentence: `is not ready: ${because}` };
  }
  const [pressure] = pressures(node);
  if (pressure) return { tone: "bad", sentence: `is ready, but under pressure: ${pressure}` };
  if (!node.spec?.unschedulable) return undefined;
  return { tone: "busy", sentence: "is ready and cordoned: it takes no new pods" };
}

function pressures({ status }: Node): string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: is }) => type.endsWith("Pressure") && is === "True")
    .map((one) => `${one.type}: ${conditionSentence(one)}`);
}
