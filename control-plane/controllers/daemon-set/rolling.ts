import { isPodAvailable } from "#api/kinds/pod-status";
import { isZeroAmount, resolvePodAmount } from "#api/kinds/rules/amounts";
import type { DaemonSet, Pod } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import {
  createDaemonPod,
  deleteDaemonPod,
  HASH_LABEL,
} from "#control-plane/controllers/daemon-set/daemon-pod";
import { eligibilityOf } from "#control-plane/controllers/daemon-set/eligibility";
import { active, MAX_BURST } from "#control-plane/controllers/daemon-set/placement";
import type { Daemons } from "#control-plane/controllers/daemon-set/plan";

/**
 * Which nodes get the new template next. In place (maxUnavailable): old pods are deleted, and placement makes
 * new ones. Beside (maxSurge): a new pod is started, and the old one goes when the new one is available.
 * Invariant: of the nodes whose pod is available, no more are touched at once than the strategy allows.
 * Source: Kubernetes, "Perform a Rolling Update on a DaemonSet".
 */
export function planRolling(daemons: Daemons): Action[] {
  return allowsSurge(daemons.daemonSet) ? planBeside(daemons) : planInPlace(daemons);
}

export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  return type === "RollingUpdate" && !isZeroAmount(rollingUpdate?.maxSurge);
}

interface PodsOfNode {
  readonly nodeName: string;
  readonly current: Pod | undefined;
  readonly old: Pod | undefined;
}

/** undefined: more than one of a kind is there, and placement has to tidy up first. */
function split(nodeName: string, pods: readonly Pod[], hash: string): PodsOfNode | undefined {
  const isCurrent = (pod: Pod): boolean => pod.metadata.labels?.[HASH_LABEL] === hash;
  const current = active(pods).filter(isCurrent);
  const old = active(pods).filter((pod) => !isCurrent(pod));
  if (current.length > 1 || old.length > 1) return undefined;
  return { nodeName, current: current[0], old: old[0] };
}

function splitAll({ podsByNode, hash }: Daemons): (PodsOfNode | undefined)[] {
  const names = [...podsByNode.keys()].sort();
  return names.map((name) => split(name, podsByNode.get(name) ?? [], hash));
}

/** A share is of the nodes that should run a pod, rounded up. */
function allowed({ daemonSet }: Daemons, field: Limit, runnable: ReadonlySet<string>): number {
  const amount = daemonSet.spec.updateStrategy?.rollingUpdate?.[field];
  const otherwise = field === "maxSurge" ? 0 : 1;
  return resolvePodAmount(amount ?? otherwise, runnable.size, Math.ceil);
}

type Limit = "maxUnavailable" | "maxSurge";

function runnableNodes({ daemonSet, nodes }: Daemons): Set<string> {
  const runnable = nodes.filter((node) => eligibilityOf(daemonSet, node).shouldRun);
  return new Set(runnable.map(({ metadata }) => metadata.name));
}

function isAvailable({ daemonSet, nowMs }: Daemons, pod: Pod): boolean {
  return isPodAvailable(pod, daemonSet.spec.minReadySeconds ?? 0, nowMs);
}

function planInPlace(daemons: Daemons): Action[] {
  const serving: Pod[] = [];
  const idle: Pod[] = [];
  let unavailable = 0;
  for (const pods of splitAll(daemons)) {
    const { current, old } = pods ?? {};
    if (old && !current) {
      if (isAvailable(daemons, old)) serving.push(old);
      else idle.push(old);
      continue;
    }
    if (!current || old || !isAvailable(daemons, current)) unavailable++;
  }
  // Replacing a pod that serves nobody costs nothing, and the node counts as unavailable as before.
  unavailable += idle.length;
  const room = Math.max(
    0,
    allowed(daemons, "maxUnavailable", runnableNodes(daemons)) - unavailable,
  );
  return [...idle, ...serving.slice(0, room)]
    .slice(0, MAX_BURST)
    .map((pod) => deleteDaemonPod(daemons.daemonSet, pod));
}

function planBeside(daemons: Daemons): Action[] {
  const { daemonSet, hash } = daemons;
  const runnable = runnableNodes(daemons);
  const replaced: Pod[] = [];
  const serving: string[] = [];
  const idle: string[] = [];
  let surging = 0;
  for (const pods of splitAll(daemons)) {
    if (!pods) surging++;
    const { nodeName, current, old } = pods ?? {};
    if (!nodeName || !old) continue;
    if (current) {
      if (isAvailable(daemons, current)) replaced.push(old);
      else surging++;
      // A pod that may only stay on its node is not replaced there: a second one would never start.
    } else if (runnable.has(nodeName)) {
      if (isAvailable(daemons, old)) serving.push(nodeName);
      else idle.push(nodeName);
    }
  }
  const room = Math.max(0, allowed(daemons, "maxSurge", runnable) - surging);
  const next = [...idle, ...serving.slice(0, room)].slice(0, MAX_BURST);
  return [
    ...next.map((nodeName) => createDaemonPod(daemonSet, nodeName, hash)),
    ...replaced.map((pod) => deleteDaemonPod(daemonSet, pod)),
  ];
}
