import { OWN_HANDLER } from "#api/kinds/runtime-class";
import type { Node, NodeCondition, NodeStatus } from "#api/schema/types";
import { VOLUMES_PATH } from "#api/storage/names";
import { toTime } from "#kit/clock";
import type { PressureCondition } from "#node-agent/eviction/thresholds";
import { capacityOf } from "#node-agent/node/capacity";
import type { DiskUse, HostFacts } from "#node-agent/node/host-facts";
import { listedImages } from "#node-agent/node/listed-images";
import type { NodeConfig } from "#node-agent/node/node-config";
import type { Image } from "#runtime/runtime";

/** A Node as the agent sees it; pure. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly host: HostFacts;
  readonly disk: DiskUse;
  readonly config: NodeConfig;
  readonly pressure: ReadonlySet<PressureCondition>;
  readonly images: readonly Image[];
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    missingUserNamespaces(): string | undefined;
  };
  /** Why the node can run no pods; undefined: it can. */
  readonly notReady: string | undefined;
  readonly nowMs: number;
  readonly before: readonly NodeCondition[];
}

export const kubeletVersion = "v1.34.0+kaji";

export function nodeStatus(facts: NodeFacts): NodeStatus {
  const { host, disk, nodeName, config } = facts;
  return {
    addresses: [
      { type: "InternalIP", address: host.ip },
      { type: "Hostname", address: nodeName },
    ],
    ...capacityOf(host, disk, config),
    conditions: conditions(facts),
    images: listedImages(facts.images),
    runtimeHandlers: runtimeHandlers(facts.runtime.missingUserNamespaces() === undefined),
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

/** What the default runtime can do, and the same one by its name: a RuntimeClass may say either. */
function runtimeHandlers(userNamespaces: boolean): NonNullable<NodeStatus["runtimeHandlers"]> {
  const features = { recursiveReadOnlyMounts: false, userNamespaces };
  return ["", OWN_HANDLER].map((name) => ({ name, features }));
}

type Verdict = { isTrue: boolean; reason: string; message: string };

function conditions(facts: NodeFacts): NodeCondition[] {
  const { pressure: found, notReady } = facts;
  const verdicts: Record<string, Verdict> = {
    MemoryPressure: pressure(
      found.has("MemoryPressure"),
      "InsufficientMemory",
      "SufficientMemory",
      "memory available",
    ),
    DiskPressure: pressure(
      found.has("DiskPressure"),
      "DiskPressure",
      "NoDiskPressure",
      "disk pressure",
    ),
    PIDPressure: pressure(
      found.has("PIDPressure"),
      "InsufficientPID",
      "SufficientPID",
      "PID available",
    ),
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

/** volumesPath: where the directories of this node's local-path volumes are. */
export interface NewNode extends Pick<NodeConfig, "labels" | "taints"> {
  readonly nodeName: string;
  readonly host: HostFacts;
  readonly status: NodeStatus;
  readonly volumesPath: string;
}

/** Labels and taints of the configuration are for a node that is not known yet. */
export function nodeObject(node: NewNode): Node {
  const { nodeName, host, status, labels, taints, volumesPath } = node;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      labels: {
        ...labels,
        "beta.kubernetes.io/arch": host.architecture,
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": host.architecture,
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
      },
      annotations: { [VOLUMES_PATH]: volumesPath },
    },
    spec: taints.length > 0 ? { taints: [...taints] } : {},
    status,
  };
}
