import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Node } from "#api/schema/types";
import { VOLUMES_PATH } from "#api/storage/names";
import type { Client } from "#client/client";
import type { Informer } from "#client/informer";
import { nextPodCidr } from "#control-plane/nodes/pod-cidr";

export interface Registration {
  /** The Node object of an agent that says hello: found or created, with a pod CIDR of its own. */
  register(nodeName: string, offered: Node): Promise<Node>;
}

/**
 * Gives out Node.spec.podCIDR. One registration at a time, so that two nodes never ask for the same range even before
 * the informer has seen the first; of two servers that choose the same range one is refused, and chooses again.
 *
 * Invariant: no two Nodes have the same podCIDR; the store holds it (a claim, admission/claims.ts).
 */
export function createRegistration(
  client: Client,
  nodes: Informer<Node>,
  clusterCidr: string,
): Registration {
  /** Given out by this process, by node: the informer may not have seen them yet. */
  const given = new Map<string, string>();
  /** By another server for a node that the informer may not have seen yet; cleared when a node goes. */
  const takenElsewhere = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  nodes.onChange(({ previous, current }) => {
    if (!previous || current) return;
    given.delete(previous.metadata.name);
    takenElsewhere.clear();
  });

  const allocate = (nodeName: string): string => {
    const used = new Set([...given.values(), ...takenElsewhere]);
    for (const node of nodes.list()) if (node.spec?.podCIDR) used.add(node.spec.podCIDR);
    const cidr = given.get(nodeName) ?? nextPodCidr(clusterCidr, used);
    if (!cidr) throw new Error(`no free pod CIDR is left in ${clusterCidr} for node ${nodeName}`);
    given.set(nodeName, cidr);
    return cidr;
  };
  /** Refused: another server has just given it out. */
  const withRange = async (
    nodeName: string,
    write: (podCIDR: string) => Promise<Node>,
  ): Promise<Node> => {
    for (let attempt = 1; ; attempt++) {
      const cidr = allocate(nodeName);
      try {
        return await write(cidr);
      } catch (error) {
        given.delete(nodeName);
        if (!isRangeTaken(error) || attempt === maxAttempts) throw error;
        takenElsewhere.add(cidr);
      }
    }
  };
  const registerOne = async (nodeName: string, offered: Node): Promise<Node> => {
    const kind = nodes.kind;
    const found = await client.get(kind, nodeName).catch(undefinedWhenNotFound);
    if (!found) {
      return withRange(nodeName, (cidr) => client.create(kind, newNode(nodeName, offered, cidr)));
    }
    const write = async (cidr: string): Promise<Node> => {
      const next = updatedNode(found, offered, cidr);
      return next ? client.update(kind, next) : found;
    };
    const { podCIDR } = found.spec ?? {};
    return podCIDR ? write(podCIDR) : withRange(nodeName, write);
  };
  return {
    register(nodeName, offered) {
      const turn = last.then(() => registerOne(nodeName, offered));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Ranges that other servers were faster to give out. */
const maxAttempts = 64;

function isRangeTaken(error: unknown): boolean {
  if (!(error instanceof StatusError) || error.code !== 422) return false;
  return error.status.details?.causes?.some(({ field }) => field === "spec.podCIDR") ?? false;
}

function newNode(name: string, offered: Node, podCIDR: string): Node {
  const taints = offered.spec?.taints;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { ...allowedLabels(offered), ...ownLabels(name, offered) },
      ...(offered.metadata.annotations ? { annotations: offered.metadata.annotations } : {}),
    },
    spec: { podCIDR, podCIDRs: [podCIDR], ...(taints ? { taints } : {}) },
  };
}

/** undefined when the stored node already has what it needs. */
function updatedNode(found: Node, offered: Node, podCIDR: string): Node | undefined {
  const labels = found.metadata.labels ?? {};
  const wanted = ownLabels(found.metadata.name, offered);
  const hasLabels = Object.entries(wanted).every(([key, value]) => labels[key] === value);
  const volumesPath = offered.metadata.annotations?.[VOLUMES_PATH];
  const annotations = { ...found.metadata.annotations };
  const isMoved = volumesPath !== undefined && annotations[VOLUMES_PATH] !== volumesPath;
  if (isMoved) annotations[VOLUMES_PATH] = volumesPath;
  if (hasLabels && !isMoved && found.spec?.podCIDR === podCIDR) return undefined;
  return {
    ...found,
    metadata: { ...found.metadata, labels: { ...labels, ...wanted }, annotations },
    spec: { ...found.spec, podCIDR, podCIDRs: [podCIDR] },
  };
}

function ownLabels(name: string, offered: Node): Record<string, string> {
  const { operatingSystem = "linux", architecture = "amd64" } = offered.status?.nodeInfo ?? {};
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": operatingSystem,
    "kubernetes.io/arch": architecture,
  };
}

/** An agent may not give itself the labels by which administrators isolate workloads. */
function allowedLabels(offered: Node): Record<string, string> {
  const labels = Object.entries(offered.metadata.labels ?? {});
  return Object.fromEntries(
    labels.filter(([key]) => !key.split("/")[0]?.endsWith("node-restriction.kubernetes.io")),
  );
}
