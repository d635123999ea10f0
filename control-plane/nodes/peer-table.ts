import type { Node } from "#api/schema/types";
import type { Informer } from "#client/informer";
import { type TableChange, VersionedTable } from "#control-plane/nodes/versioned-table";
import type { Peer } from "#proto/agent";
import { encodeServerMessage } from "#proto/node-gateway";
import type { Clock } from "#kit/clock";

/** While many nodes come, every node would be told of each one by one: a message per pair. */
const gatherMs = 200;

/**
 * Where each node's pods are, by node name, for the other nodes. A node that is not ready stays: its pods may
 * run. Only what a network needs counts as a change, not every status that a node reports. The first change is told
 * at once, those that follow it together.
 */
export function createPeerTable(
  nodes: Informer<Node>,
  clock: Clock,
  onChange: () => void,
): VersionedTable {
  const peers = new Map<string, Peer>();
  const encode = ({ isFull, keys, removed }: TableChange): Buffer =>
    encodeServerMessage({
      message: "peers",
      peers: { isFull, peers: keys.flatMap((key) => peers.get(key) ?? []), removed: [...removed] },
    });
  const table = new VersionedTable(encode, onChange);
  const changed = new Set<string>();
  let isGathering = false;
  const publish = (): void => {
    isGathering = changed.size > 0;
    if (!isGathering) return;
    for (const name of changed) table.touch(name, peers.has(name));
    changed.clear();
    clock.after(gatherMs, publish);
  };
  const look = (name: string, node: Node | undefined): void => {
    const before = peers.get(name);
    const peer = node && peerOf(node);
    if (before?.internalIp === peer?.internalIp && before?.podCidr === peer?.podCidr) return;
    if (peer) peers.set(name, peer);
    else peers.delete(name);
    changed.add(name);
    if (!isGathering) publish();
  };
  nodes.onChange(({ previous, current }) =>
    look((current ?? (previous as Node)).metadata.name, current),
  );
  // All that are there before any node is told: a table with a part of them would take routes away.
  isGathering = true;
  for (const node of nodes.list()) look(node.metadata.name, node);
  publish();
  return table;
}

/** Pure; undefined while the node has no address or no range. */
export function peerOf({ metadata, spec, status }: Node): Peer | undefined {
  const internalIp = status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  const podCidr = spec?.podCIDR;
  return internalIp && podCidr ? { nodeName: metadata.name, internalIp, podCidr } : undefined;
}
