import { formatQuantity } from "#api/machinery/quantity";
import { toleratesTaint } from "#api/machinery/taints";
import { byteAmount, cpuAmount, pieces } from "#api/quota/amounts";
import type { Taint } from "#api/schema/types";
import type { PodToPlace } from "#control-plane/scheduler/framework";
import {
  NO_RESOURCES,
  type NodeState,
  type PlacedPod,
  type Resources,
} from "#control-plane/scheduler/node-state";

/** One change that would take away one plugin's objection. */
export interface Change {
  /** Changes with one key are the same change, for several nodes. */
  readonly key: string;
  /** Smaller is less to ask for. */
  readonly cost: number;
  /** The end of "It would fit if ...". */
  say(nodes: readonly string[]): string;
}

/** By name of the plugin that objects. A plugin that is not here objects to what no single change mends. */
export const remedies: Readonly<
  Record<string, (pod: PodToPlace, node: NodeState) => readonly Change[]>
> = {
  NodeUnschedulable: () => [
    { key: "uncordon", cost: 1, say: (nodes) => `${someOf(nodes)} were uncordoned` },
  ],
  TaintToleration: tolerate,
  NodeAffinity: addLabels,
  NodePorts: freePorts,
  NodeResourcesFit: makeRoom,
};

function tolerate({ pod }: PodToPlace, { node }: NodeState): Change[] {
  const tolerations = pod.spec.tolerations ?? [];
  const taints = (node.spec.taints ?? []).filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, taint),
  );
  const texts = taints.map(taintText);
  const what = texts.length === 1 ? `the taint ${texts[0]}` : `the taints ${texts.join(" and ")}`;
  const say = (nodes: readonly string[]): string => `it tolerated ${what} (${someOf(nodes)})`;
  return [{ key: `tolerate ${texts.join()}`, cost: taints.length, say }];
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ""}:${effect}`;
}

/** Only for spec.nodeSelector: what an affinity term means to ask for is the user's to say. */
function addLabels({ pod }: PodToPlace, { node }: NodeState): Change[] {
  const has = node.metadata.labels ?? {};
  const lacking = Object.entries(pod.spec.nodeSelector ?? {})
    .filter(([key, value]) => has[key] !== value)
    .map(([key, value]) => `${key}=${value}`);
  if (lacking.length === 0) return [];
  const what = `${lacking.length === 1 ? "the label" : "the labels"} ${lacking.join(" and ")}`;
  const say = (nodes: readonly string[]): string => `${someOf(nodes)} had ${what}`;
  return [{ key: `label ${lacking.join()}`, cost: lacking.length, say }];
}

function freePorts({ pod }: PodToPlace, { podsWithPorts }: NodeState): Change[] {
  const wanted = new Set(
    pod.spec.containers.flatMap(({ ports = [] }) =>
      ports.flatMap(({ hostPort, protocol = "TCP" }) =>
        hostPort ? [`${hostPort}/${protocol}`] : [],
      ),
    ),
  );
  const holders = [...podsWithPorts].filter(({ hostPorts }) =>
    hostPorts.some(({ port, protocol }) => wanted.has(`${port}/${protocol}`)),
  );
  if (holders.length === 0) return [];
  const names = holders.map(({ key }) => key).join(" and ");
  const say = ([node]: readonly string[]): string =>
    `${node} were without pod ${names}, which has the host port`;
  return [{ key: "ports", cost: 2 * holders.length, say }];
}

/** Asking for less, and (dearer: somebody else pays) one pod less on the node. */
function makeRoom({ requests, priority }: PodToPlace, node: NodeState): Change[] {
  const lacks = shortages(requests, node);
  const [first] = lacks;
  if (!first) return [];
  // Not even an empty node is that large: the pod can only ask for less.
  const fitsEmpty = shortages(requests, { ...node, requested: NO_RESOURCES }).length === 0;
  const less = lacks.map(({ text }) => text).join(" and ");
  const share = lacks.reduce((sum, lack) => sum + lack.share, 0);
  const canAskLess = lacks.every(({ name }) => name !== "pods");
  const ask: Change = {
    key: `less ${lacks.map(({ name }) => name).join()}`,
    cost: share,
    say: (nodes) => `it needed ${less} less (${someOf(nodes)})`,
  };
  const victim = fitsEmpty ? smallestVictim(node, lacks, priority) : undefined;
  const rank = victim && victim.priority < priority ? " of lower priority" : "";
  const without: Change | undefined = victim && {
    key: "without a pod",
    cost:
      1 +
      (victim.priority < priority ? 0 : 1) +
      victim.requests.cpuMillis / (node.allocatable.cpuMillis + 1),
    say: ([name]) => `${name} were without pod ${victim.key}${rank}`,
  };
  return [...(canAskLess ? [ask] : []), ...(without ? [without] : [])];
}

interface Shortage {
  readonly name: string;
  readonly amount: number;
  /** Of what the pod asks for, 0..1. */
  readonly share: number;
  /** "300m cpu" */
  readonly text: string;
  of(resources: Resources): number;
}

const measures: readonly {
  readonly name: string;
  of(resources: Resources): number;
  format(amount: number): string;
}[] = [
  { name: "cpu", of: (r) => r.cpuMillis, format: (millis) => formatQuantity(cpuAmount(millis)) },
  {
    name: "memory",
    of: (r) => r.memoryBytes,
    format: (bytes) => formatQuantity(byteAmount(bytes)),
  },
  {
    name: "ephemeral-storage",
    of: (r) => r.ephemeralStorageBytes,
    format: (bytes) => formatQuantity(byteAmount(bytes)),
  },
  { name: "pods", of: (r) => r.pods, format: String },
];

function shortages(
  requests: Resources,
  node: Pick<NodeState, "allocatable" | "requested">,
): Shortage[] {
  const extended = Object.keys(requests.extended).map((name) => ({
    name,
    of: (resources: Resources) => resources.extended[name] ?? 0,
    format: (amount: number) => formatQuantity(pieces(amount)),
  }));
  return [...measures, ...extended].flatMap(({ name, of, format }) => {
    const wanted = of(requests);
    const amount = wanted + of(node.requested) - of(node.allocatable);
    if (wanted === 0 || amount <= 0) return [];
    return [{ name, amount, share: amount / wanted, text: `${format(amount)} ${name}`, of }];
  });
}

/** The least pod that makes room alone: of the lowest priority, then the smallest. */
function smallestVictim(
  { pods }: NodeState,
  lacks: readonly Shortage[],
  priority: number,
): PlacedPod | undefined {
  let best: PlacedPod | undefined;
  for (const pod of pods.values()) {
    if (pod.priority > priority) continue;
    if (!lacks.every(({ amount, of }) => of(pod.requests) >= amount)) continue;
    if (!best || isLess(pod, best)) best = pod;
  }
  return best;
}

function isLess(a: PlacedPod, b: PlacedPod): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.requests.cpuMillis !== b.requests.cpuMillis) {
    return a.requests.cpuMillis < b.requests.cpuMillis;
  }
  return a.key < b.key;
}

/** "node-1", "node-1 and node-2", "5 nodes". */
function someOf(nodes: readonly string[]): string {
  return nodes.length <= 2 ? nodes.join(" and ") : `${nodes.length} nodes`;
}
