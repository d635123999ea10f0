import { conditionSentence, pendingLines } from "#api/why/pending";
import { containerLines } from "#api/why/containers";
import { isPodReady, isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { newest, type PodStory } from "#api/why/story";

/** Why the pod is as it is, in plain words: a first line that says it all, and what belongs to it. Pure. */
export function whyPod(story: PodStory): readonly string[] {
  const { pod } = story;
  const name = `pod ${pod.metadata.namespace ?? "default"}/${pod.metadata.name}`;
  const [state, lines] = podState(story);
  return [`${name} ${state}`, ...lines.map((line) => `  ${line}`)];
}

/** The state without the pod's name, and the lines that belong to it. */
export function podState(story: PodStory): readonly [string, readonly string[]] {
  const { pod } = story;
  if (isPodTerminal(pod)) return ended(pod);
  if (pod.metadata.deletionTimestamp) return deleting(story);
  if (!pod.spec.nodeName) return ["is pending: it has no node yet", pendingLines(story)];
  const lost = nodeTrouble(story);
  if (isPodReady(pod)) {
    const restarts = containerLines(story);
    const state = restarts.length > 0 ? "runs and is ready; before that" : "runs and is ready";
    return [state, [...lost, ...restarts]];
  }
  const isStarted = pod.status?.phase === "Running";
  return [
    isStarted ? "runs and is not ready" : `is on node ${pod.spec.nodeName} and has not started yet`,
    [...lost, ...containerLines(story), ...gateLines(pod), ...startTrouble(story)],
  ];
}

function ended(pod: Pod): readonly [string, readonly string[]] {
  const { phase, reason, message } = pod.status ?? {};
  if (phase === "Succeeded") return ["has completed", []];
  const because = [reason, message].filter(Boolean).join(": ");
  return [`has failed${because ? `: ${because}` : ""}`, containerLines({ pod, events: [] })];
}

function deleting(story: PodStory): readonly [string, readonly string[]] {
  const { metadata, spec } = story.pod;
  const lines = [
    ...nodeTrouble(story),
    ...(metadata.finalizers ?? []).map(
      (one) => `the finalizer ${one} holds it: whoever put it there must take it away`,
    ),
  ];
  const grace = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  const since = metadata.deletionTimestamp;
  return [`is being deleted: its containers have ${grace} s to end, until ${since}`, lines];
}

/** An agent that says nothing any more: what the pod says of itself is old. */
function nodeTrouble({ pod, node }: PodStory): string[] {
  const { nodeName } = pod.spec;
  if (!nodeName) return [];
  if (!node) return [];
  if (node === "gone") return [`its node ${nodeName} is not there any more`];
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return [];
  return [
    `its node ${nodeName} is not ready: ${conditionSentence(ready) || "its agent says nothing"}`,
  ];
}

function gateLines({ spec, status }: Pod): string[] {
  return (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = status?.conditions?.find(({ type }) => type === conditionType);
    if (condition?.status === "True") return [];
    return [
      `the readiness gate ${conditionType} is not met: ${conditionSentence(condition) || "nobody has set the condition"}`,
    ];
  });
}

/** Before there are containers only events tell: volumes, sandboxes, images. */
function startTrouble({ pod, events }: PodStory): string[] {
  if ((pod.status?.containerStatuses ?? []).some(({ state }) => state?.running)) return [];
  const told = new Set(["FailedScheduling", "BackOff", "Unhealthy", "SchedulingAdvice"]);
  const isImageTold = (pod.status?.containerStatuses ?? []).some(({ state }) =>
    /Image/.test(state?.waiting?.reason ?? ""),
  );
  if (isImageTold) told.add("Failed");
  const warnings = events.filter(
    ({ type, reason }) => type === "Warning" && !told.has(reason ?? ""),
  );
  const latest = newest(warnings);
  return latest ? [`${latest.reason}: ${latest.message}`] : [];
}
