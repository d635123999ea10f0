import type { Node, NodeCondition, NodeStatus } from "#api/schema/types";
import { toTime } from "#kit/clock";
import type { DiskUse, HostFacts } from "#node-agent/node/host-facts";
import type { Image } from "#runtime/runtime";

/** A Node as the agent sees it; pure. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly host: HostFacts;
  readonly disk: DiskUse;
  readonly availableMemoryBytes: number | undefined;
  readonly processes: { readonly count: number; readonly limit: number };
  readonly images: readonly Image[];
  readonly runtime: { readonly name: string; readonly version: string };
  /** Why the node can run no pods; undefined: it can. */
  readonly notReady: string | undefined;
  readonly nowMs: number;
  readonly before: readonly NodeCondition[];
}

export const kubeletVersion = "v1.34.0+kaji";
export const maxPods = 110;

/** Left for the host itself, as a share, and at which free share the disk or memory counts as scarce. */
const reservedMemoryBytes = 100 << 20;
const reservedDiskShare = 0.1;
const scarceMemoryBytes = 100 << 20;
const scarceDiskShare = 0.1;
const scarcePidShare = 0.95;
/** As Kubernetes: the largest ones only, so that the Node stays small. */
const maxImages = 50;
const maxNamesPerImage = 5;

export function allocatableOf(host: HostFacts): { cpuMillis: number; memoryBytes: number } {
  const memoryBytes = Math.max(0, host.memoryBytes - reservedMemoryBytes);
  return { cpuMillis: host.cpuMillis, memoryBytes };
}

export function nodeStatus(facts: NodeFacts): NodeStatus {
  const { host, disk, nodeName } = facts;
  const { memoryBytes } = allocatableOf(host);
  const common = { pods: String(maxPods), "hugepages-1Gi": "0", "hugepages-2Mi": "0" };
  return {
    addresses: [
      { type: "InternalIP", address: host.ip },
      { type: "Hostname", address: nodeName },
    ],
    capacity: {
      cpu: cpuText(host.cpuMillis),
      memory: kibibytes(host.memoryBytes),
      "ephemeral-storage": kibibytes(disk.totalBytes),
      ...common,
    },
    allocatable: {
      cpu: cpuText(host.cpuMillis),
      memory: kibibytes(memoryBytes),
      "ephemeral-storage": String(Math.floor(disk.totalBytes * (1 - reservedDiskShare))),
      ...common,
    },
    conditions: conditions(facts),
    images: imagesOf(facts.images),
    nodeInfo: {
      machineID: host.machineId,
      systemUUID: host.systemUuid,
      bootID: host.bootId,
      kernelVersion: host.kernelVersion,
      osImage: host.osImage,
      containerRuntimeVersion: `${facts.runtime.name}://${facts.runtime.version}`,
      kubeletVersion,
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: host.architecture,
    },
  };
}

function cpuText(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

function kibibytes(amount: number): string {
  return `${Math.floor(amount / 1024)}Ki`;
}

function imagesOf(images: readonly Image[]): NodeStatus["images"] {
  return [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, maxImages)
    .map((image) => ({
      names: [...image.repoDigests, ...image.references].slice(0, maxNamesPerImage),
      sizeBytes: image.sizeBytes,
    }));
}

type Verdict = { isTrue: boolean; reason: string; message: string };

function conditions(facts: NodeFacts): NodeCondition[] {
  const { availableMemoryBytes, disk, processes, notReady } = facts;
  const isMemoryScarce = (availableMemoryBytes ?? Number.POSITIVE_INFINITY) < scarceMemoryBytes;
  const isDiskScarce = disk.freeBytes < disk.totalBytes * scarceDiskShare;
  const arePidsScarce = processes.count > processes.limit * scarcePidShare;
  const verdicts: Record<string, Verdict> = {
    MemoryPressure: pressure(
      isMemoryScarce,
      "InsufficientMemory",
      "SufficientMemory",
      "memory available",
    ),
    DiskPressure: pressure(isDiskScarce, "DiskPressure", "NoDiskPressure", "disk pressure"),
    PIDPressure: pressure(arePidsScarce, "InsufficientPID", "SufficientPID", "PID available"),
    Ready: notReady
      ? { isTrue: false, reason: "KubeletNotReady", message: notReady }
      : { isTrue: true, reason: "KubeletReady", message: "kubelet is posting ready status" },
  };
  return Object.entries(verdicts).map(([type, verdict]) => condition(facts, type, verdict));
}

function pressure(
  isScarce: boolean,
  scarceReason: string,
  calmReason: string,
  what: string,
): Verdict {
  if (isScarce) {
    const noun = what.startsWith("disk") ? "disk pressure" : `insufficient ${what}`;
    return { isTrue: true, reason: `KubeletHas${scarceReason}`, message: `kubelet has ${noun}` };
  }
  const noun = what.startsWith("disk") ? "no disk pressure" : `sufficient ${what}`;
  return { isTrue: false, reason: `KubeletHas${calmReason}`, message: `kubelet has ${noun}` };
}

function condition(facts: NodeFacts, type: string, verdict: Verdict): NodeCondition {
  const status = verdict.isTrue ? "True" : "False";
  const before = facts.before.find((each) => each.type === type);
  const now = toTime(facts.nowMs);
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
  const { reason, message } = verdict;
  return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message };
}

export function nodeObject(nodeName: string, host: HostFacts, status: NodeStatus): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      labels: {
        "beta.kubernetes.io/arch": host.architecture,
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": host.architecture,
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
      },
    },
    spec: {},
    status,
  };
}
