import type { Node, NodeCondition, Taint } from "#api/schema/types";
import { toTime } from "#kit/clock";

/** The taints that follow from a node's conditions. Source: Kubernetes, "Taint Nodes by Condition". */
const NOT_READY = "node.kubernetes.io/not-ready";
export const UNREACHABLE = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
export const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

const keyByCondition: readonly (readonly [type: string, status: string, key: string])[] = [
  ["Ready", "False", NOT_READY],
  ["Ready", "Unknown", UNREACHABLE],
  ["MemoryPressure", "True", "node.kubernetes.io/memory-pressure"],
  ["DiskPressure", "True", "node.kubernetes.io/disk-pressure"],
  ["PIDPressure", "True", "node.kubernetes.io/pid-pressure"],
  ["NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"],
];
const oursNoSchedule = new Set([...keyByCondition.map(([, , key]) => key), UNSCHEDULABLE]);

export function unreachableOrNotReady({ key }: Taint): boolean {
  return key === UNREACHABLE || key === NOT_READY;
}

export function readyCondition(node: Node): NodeCondition | undefined {
  return node.status?.conditions?.find(({ type }) => type === "Ready");
}

/** What keeps new pods away. */
export function noScheduleTaints(
  node: Node,
  conditions: readonly NodeCondition[],
  nowMs: number,
): Taint[] {
  const keys = keyByCondition
    .filter(([type, status]) => conditions.some((it) => it.type === type && it.status === status))
    .map(([, , key]) => key);
  if (node.spec?.unschedulable) keys.push(UNSCHEDULABLE);
  return keys.map((key) => known(node, key, "NoSchedule") ?? added(key, "NoSchedule", nowMs));
}

/** What drives the pods away that are there; undefined: the node is ready, or has never said anything. */
export function noExecuteTaint(
  node: Node,
  conditions: readonly NodeCondition[],
  nowMs: number,
): Taint | undefined {
  const status = conditions.find(({ type }) => type === "Ready")?.status;
  if (status === "True" || status === undefined) return undefined;
  const key = status === "Unknown" ? UNREACHABLE : NOT_READY;
  return known(node, key, "NoExecute") ?? added(key, "NoExecute", nowMs);
}

export function hasNoExecute({ spec }: Node): boolean {
  return (spec?.taints ?? []).some(
    (taint) => taint.effect === "NoExecute" && unreachableOrNotReady(taint),
  );
}

/** Those that administrators and others have set. */
export function foreignTaints({ spec }: Node): Taint[] {
  return (spec?.taints ?? []).filter(
    (taint) =>
      !(taint.effect === "NoSchedule" && oursNoSchedule.has(taint.key)) &&
      !(taint.effect === "NoExecute" && unreachableOrNotReady(taint)),
  );
}

export function isSameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  const plain = (taints: readonly Taint[]): string =>
    taints
      .map(({ key, value, effect }) => `${key}=${value ?? ""}:${effect}`)
      .sort()
      .join();
  return plain(a) === plain(b);
}

function known({ spec }: Node, key: string, effect: string): Taint | undefined {
  return spec?.taints?.find((taint) => taint.key === key && taint.effect === effect);
}

function added(key: string, effect: string, nowMs: number): Taint {
  return { key, effect, timeAdded: toTime(nowMs) };
}
