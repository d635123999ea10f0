/**
 * The life of a pod on a node as a table: who may move it from where to where. Inside "running" containers
 * come and go (restarts, even a new sandbox); the stage itself only moves forward.
 *
 *   scheduler            agent                                                         gateway
 *   unbound -> bound -> starting -> running -> draining -> stopping -> finished -> cleaning -> gone -> deleted
 *
 * Invariants (held by transitions.test.ts): rank never drops, and every stage has one owner: the actor that
 * may move a pod out of it.
 */
export const podStages = [
  "unbound",
  "bound",
  "starting",
  "running",
  "draining",
  "stopping",
  "finished",
  "cleaning",
  "gone",
  "deleted",
] as const;

export type PodStage = (typeof podStages)[number];

export type PodActor = "scheduler" | "agent" | "gateway";

type Transition = readonly [from: PodStage, to: PodStage];

export const transitions: Readonly<Record<PodActor, readonly Transition[]>> = {
  scheduler: [["unbound", "bound"]],
  agent: [
    ["bound", "starting"],
    ["starting", "running"],
    // Deleted, or past activeDeadlineSeconds, or an init container has failed for good.
    ["starting", "draining"],
    ["starting", "stopping"],
    ["running", "draining"],
    // Main containers are done: sidecars are told to stop, without waiting for the ingress.
    ["running", "stopping"],
    ["draining", "stopping"],
    ["stopping", "finished"],
    // Only when the API asks for the pod's end: a finished pod keeps its logs until then.
    ["finished", "cleaning"],
    ["cleaning", "gone"],
  ],
  gateway: [["gone", "deleted"]],
};

export function rank(stage: PodStage): number {
  return podStages.indexOf(stage);
}

export function mayMove(actor: PodActor, from: PodStage, to: PodStage): boolean {
  return transitions[actor].some((move) => move[0] === from && move[1] === to);
}

export function isAtLeast(stage: PodStage, other: PodStage): boolean {
  return rank(stage) >= rank(other);
}
