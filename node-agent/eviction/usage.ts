import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import { podLogDirectory } from "#node-agent/container/sandbox-config";
import {
  maxEntriesPerRound,
  type TreeUse,
  treeUse,
  type WalkBudget,
} from "#node-agent/eviction/disk-walk";
import type { StorageUsage } from "#node-agent/eviction/local-storage";
import type { ContainerUsage, PodUsage } from "#node-agent/eviction/rank";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import { containerNameLabel } from "#node-agent/pod/labels";
import { podDirectory } from "#node-agent/volumes/pod-volumes";
import type { ContainerStats } from "#runtime/runtime";

/** What pods use, measured: counters of the kernel, and walks over what they have written. */
export interface MeasuredPod extends PodUsage {
  readonly storage: StorageUsage;
}

type Measuring = Pick<NodeContext, "runtime" | "index" | "directories" | "logDirectory">;

const noTree: TreeUse = { bytes: 0, inodes: 0 };

/** Walking costs; without `walksDisk` only what the kernel counts is measured, and disk use is 0. */
export async function measurePods(
  context: Measuring,
  pods: readonly Pod[],
  options: { readonly walksDisk: boolean },
): Promise<MeasuredPod[]> {
  const stats = new Map((await context.runtime.stats()).map((one) => [one.containerId, one]));
  const budget: WalkBudget = { entries: options.walksDisk ? maxEntriesPerRound : 0 };
  const measured: MeasuredPod[] = [];
  for (const pod of pods) measured.push(await measurePod(context, pod, stats, budget));
  return measured;
}

async function measurePod(
  context: Measuring,
  pod: Pod,
  stats: ReadonlyMap<string, ContainerStats>,
  budget: WalkBudget,
): Promise<MeasuredPod> {
  const containers: ContainerUsage[] = [];
  const trees: TreeUse[] = [];
  let pids = 0;
  for (const { id, config } of context.index.ofPod(uidOf(pod)).containers) {
    const found = stats.get(id);
    if (!found) continue;
    const name = config.labels[containerNameLabel] ?? config.name;
    const layer = found.writableLayer ? await treeUse(found.writableLayer, budget) : noTree;
    const logs = await treeUse(join(podLogDirectory(context.logDirectory, pod), name), budget);
    trees.push(layer, logs);
    pids += found.pids;
    const memoryBytes = found.memoryWorkingSetBytes;
    containers.push({ name, memoryBytes, diskBytes: layer.bytes + logs.bytes });
  }
  const volumes = await measureVolumes(context, pod, budget);
  trees.push(...[...volumes].flatMap(([name, tree]) => (isOnDisk(pod, name) ? [tree] : [])));
  return {
    pod,
    pids,
    containers,
    memoryBytes: sum(containers.map((one) => one.memoryBytes)),
    diskBytes: sum(trees.map((tree) => tree.bytes)),
    inodes: sum(trees.map((tree) => tree.inodes)),
    storage: {
      volumes: new Map([...volumes].map(([name, tree]) => [name, tree.bytes])),
      containers: new Map(containers.map(({ name, diskBytes }) => [name, diskBytes])),
    },
  };
}

async function measureVolumes(
  { directories }: Measuring,
  pod: Pod,
  budget: WalkBudget,
): Promise<Map<string, TreeUse>> {
  const found = new Map<string, TreeUse>();
  const root = join(podDirectory(directories, uidOf(pod)), "volumes");
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    if (emptyDir) found.set(name, await treeUse(join(root, name), budget));
  }
  return found;
}

function isOnDisk({ spec }: Pod, volume: string): boolean {
  return spec.volumes?.find(({ name }) => name === volume)?.emptyDir?.medium !== "Memory";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
