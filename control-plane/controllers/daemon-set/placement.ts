import { isPodTerminal } from "#api/kinds/pod-status";
import { isPodAvailable, isPodReady } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import type { Action, EventTemplate } from "#control-plane/controllers/controller";
import {
  createDaemonPod,
  deleteDaemonPod,
  HASH_LABEL,
} from "#control-plane/controllers/daemon-set/daemon-pod";
import { eligibilityOf } from "#control-plane/controllers/daemon-set/eligibility";
import type { Daemons } from "#control-plane/controllers/daemon-set/plan";
import { allowsSurge } from "#control-plane/controllers/daemon-set/rolling";

/** The most pods that one look creates, and deletes. Source: Kubernetes' BurstReplicas. */
export const MAX_BURST = 250;

/**
 * One pod where one should be, none where none should: each node looked at by itself.
 * Invariant: nothing is created for a node while a pod is there, not even while that one is stopping.
 */
export function planPlacement(daemons: Daemons): Action[] {
  const { daemonSet, nodes, podsByNode, hash } = daemons;
  const creates: Action[] = [];
  const deletes: Action[] = [];
  for (const node of nodes) {
    const { name } = node.metadata;
    const pods = podsByNode.get(name) ?? [];
    const { shouldRun, mayStay } = eligibilityOf(daemonSet, node);
    if (shouldRun && pods.length === 0) creates.push(createDaemonPod(daemonSet, name, hash));
    else if (mayStay) deletes.push(...planCleanUp(daemons, pods, name));
    else deletes.push(...active(pods).map((pod) => deleteDaemonPod(daemonSet, pod)));
  }
  return [...creates.slice(0, MAX_BURST), ...deletes, ...planStrays(daemons)];
}

/** Pods that wait for a node which is there no more. Those that ran on one go with the node. */
function planStrays({ daemonSet, nodes, podsByNode }: Daemons): Action[] {
  const names = new Set<string | undefined>(nodes.map(({ metadata }) => metadata.name));
  return [...podsByNode]
    .filter(([name]) => !names.has(name))
    .flatMap(([, pods]) => active(pods))
    .filter(({ spec }) => !spec.nodeName)
    .map((pod) => deleteDaemonPod(daemonSet, pod));
}

export function active(pods: readonly Pod[]): Pod[] {
  return pods.filter(({ metadata }) => !metadata.deletionTimestamp);
}

function planCleanUp(daemons: Daemons, pods: readonly Pod[], nodeName: string): Action[] {
  const { daemonSet } = daemons;
  const ended = active(pods).filter(isPodTerminal);
  const running = active(pods).filter((pod) => !isPodTerminal(pod));
  return [
    ...ended.flatMap((pod): Action[] => [
      { type: "event", event: endedEvent(daemons, pod, nodeName) },
      deleteDaemonPod(daemonSet, pod),
    ]),
    ...surplus(daemons, oldestFirst(running)).map((pod) => deleteDaemonPod(daemonSet, pod)),
  ];
}

function endedEvent({ daemonSet }: Daemons, pod: Pod, nodeName: string): EventTemplate {
  const title = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${nodeName}`;
  return pod.status?.phase === "Failed"
    ? {
        about: daemonSet,
        type: "Warning",
        reason: "FailedDaemonPod",
        message: `Found failed ${title}, will try to kill it`,
      }
    : {
        about: daemonSet,
        type: "Normal",
        reason: "SucceededDaemonPod",
        message: `Found succeeded ${title}, will try to delete it`,
      };
}

/** Pods with a node first, then the older. */
export function oldestFirst(pods: readonly Pod[]): Pod[] {
  const rank = ({ spec, metadata }: Pod): string =>
    `${spec.nodeName ? 0 : 1} ${metadata.creationTimestamp ?? "~"} ${metadata.name}`;
  return [...pods].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** After two changes of the template in a row both pods of a node are old: the one that serves stays. */
function toKeep(pods: readonly Pod[]): Pod | undefined {
  return pods.find(isPodReady) ?? pods[0];
}

/** Without surge the oldest stays; with it also a new one, as long as the old one serves in its place. */
function surplus({ daemonSet, hash, nowMs }: Daemons, running: readonly Pod[]): Pod[] {
  if (running.length <= 1) return [];
  if (!allowsSurge(daemonSet)) return running.slice(1);
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[HASH_LABEL] === hash;
  const newest = toKeep(running.filter(isNew));
  const old = toKeep(running.filter((pod) => !isNew(pod)));
  const others = running.filter((pod) => pod !== newest && pod !== old);
  if (!newest || !old) return others;
  const minReadySeconds = daemonSet.spec.minReadySeconds ?? 0;
  const isReplaced = !isPodReady(old) || isPodAvailable(newest, minReadySeconds, nowMs);
  return isReplaced ? [...others, old] : others;
}
