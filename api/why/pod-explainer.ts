import { isPodReady, isPodTerminal, podPhaseSummary } from "#api/kinds/pod-status";
import type { Node, Pod } from "#api/schema/types";
import { eventsAbout } from "#api/why/events-about";
import { defineExplainer, type Surroundings, type Trouble } from "#api/why/explainer";
import { podState } from "#api/why/pod";
import { limitLines, useOf } from "#api/why/pod-use";

export const podExplainer = defineExplainer<Pod>({
  ...{ group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true },
  reads: ["events", "nodes", "podUse", "claims"],
  trouble: podTrouble,
  explain(pod, around) {
    const events = eventsAbout(pod, around.events);
    const [state, reasons] = podState({ pod, events, node: nodeOf(pod, around) });
    return [
      state,
      ...reasons,
      ...claimLines(pod, around),
      ...limitLines(pod, useOf(pod, around.podUse)),
    ];
  },
});

/** undefined: nothing is known of it. A list that may be read in part only would call others gone. */
function nodeOf({ spec }: Pod, { nodes }: Surroundings): Node | "gone" | undefined {
  if (!nodes || !spec.nodeName) return undefined;
  return nodes.find(({ metadata }) => metadata.name === spec.nodeName) ?? "gone";
}

/** Before it has started, what its claims wait for is what it waits for. */
function claimLines(pod: Pod, { claims }: Surroundings): string[] {
  if (!claims || isPodTerminal(pod) || pod.status?.phase === "Running") return [];
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    const name = persistentVolumeClaim?.claimName;
    if (name === undefined) return [];
    const claim = claims.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === pod.metadata.namespace,
    );
    if (!claim) return [`its claim ${name} is not there`];
    return claim.status?.phase === "Bound" ? [] : [`its claim ${name} has no volume yet`];
  });
}

function podTrouble(pod: Pod): Trouble | undefined {
  const { status, metadata, spec } = pod;
  if (status?.phase === "Failed") {
    const because = [status.reason, status.message].filter(Boolean).join(": ");
    return { tone: "bad", sentence: `has failed${because ? `: ${because}` : ""}` };
  }
  if (isPodTerminal(pod) || isPodReady(pod)) return undefined;
  if (metadata.deletionTimestamp) return { tone: "busy", sentence: "is being deleted" };
  const [state, reasons] = podState({ pod, events: [] });
  const sentence = [state, ...reasons].join("; ");
  const isRefused = status?.conditions?.some(
    ({ type, status: is }) => type === "PodScheduled" && is === "False",
  );
  const isBroken = /Err|BackOff|Invalid|OOMKilled/.test(podPhaseSummary(pod));
  return { tone: isBroken || (isRefused && !spec.nodeName) ? "bad" : "busy", sentence };
}
