import type { Lease, Node } from "#api/schema/types";

/** What decides whether a machine may take a node's name. */
export interface NameQuestion {
  readonly node: Node | undefined;
  /** The node's heartbeat. */
  readonly lease: Lease | undefined;
  /** Whether an agent of that name holds a session with the control plane; undefined: not known. */
  readonly isConnected: boolean | undefined;
  readonly machine: Machine;
  readonly nowMs: number;
}

/** /etc/machine-id and the kernel's boot id, as the agent reports them in Node.status.nodeInfo. */
export interface Machine {
  readonly machineId?: string | undefined;
  readonly bootId?: string | undefined;
}

export type NameVerdict =
  | { readonly type: "free" }
  | { readonly type: "taken" }
  /** Free in so many seconds, unless the node is heard of again. */
  | { readonly type: "wait"; readonly seconds: number };

/** As long as the node lifecycle waits by default before it calls a silent node's state unknown. */
const LEASE_FRESH_MS = 40_000;

/**
 * A join token must not give the identity of a node at work to someone else. A node without a session that is not
 * ready, or whose lease is old, may come back: its machine has lost its credentials. So may, at once, the very machine
 * (in the same boot) whose agent is not connected any more.
 */
export function judgeName({ node, lease, isConnected, machine, nowMs }: NameQuestion): NameVerdict {
  if (isConnected === true) return { type: "taken" };
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  // Where another server may hold its session, "not ready" is only what the node says: it may run pods all the same.
  if (ready?.status !== "True" && isConnected === false) return { type: "free" };
  const renewedMs = Date.parse(lease?.spec?.renewTime ?? "");
  const leftMs = renewedMs + LEASE_FRESH_MS - nowMs;
  if (!(leftMs > 0)) return { type: "free" };
  if (isConnected === false && isSameMachine(node, machine)) return { type: "free" };
  return { type: "wait", seconds: Math.ceil(leftMs / 1000) };
}

function isSameMachine(node: Node | undefined, { machineId, bootId }: Machine): boolean {
  const known = node?.status?.nodeInfo;
  return !!machineId && !!bootId && known?.machineID === machineId && known.bootID === bootId;
}
