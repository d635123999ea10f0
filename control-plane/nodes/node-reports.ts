import type { Kind } from "#api/machinery/define-kind";
import type { Lease, Node, NodeStatus } from "#api/schema/types";
import type { Client } from "#client/client";
import { createNodeLease } from "#control-plane/nodes/node-lease";
import { isSameNodeStatus, mergeNodeStatus } from "#control-plane/nodes/node-status";
import { updateStatus } from "#control-plane/nodes/update-status";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

export interface NodeReports {
  heartbeat(): void;
  report(status: NodeStatus): void;
}

export interface NodeReportsOptions {
  readonly client: Client;
  readonly nodeKind: Kind<Node>;
  readonly leaseKind: Kind<Lease>;
  readonly node: Node;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this server, for the node's Lease; undefined: it is the only one. */
  gatewayAddress?(): string | undefined;
  /** As the informer has it; undefined: not seen yet, or deleted. */
  findNode(): Node | undefined;
  /** The Node object was deleted while its agent is connected. */
  onDeleted(): void;
}

/**
 * Writes what one connected agent says of its node. The last report is compared with what is stored at each
 * heartbeat, so that a status which someone else changed (the node lifecycle controller, while the store was
 * slow) is set right without the agent saying it again.
 *
 * Invariant: one round of writes at a time; whatever comes meanwhile makes one more round.
 */
export function createNodeReports(options: NodeReportsOptions): NodeReports {
  const { client, clock, log, node, nodeKind: kind } = options;
  const gatewayAddress = (): string | undefined => options.gatewayAddress?.();
  const lease = createNodeLease(client, options.leaseKind, node, clock, gatewayAddress);
  let reported: NodeStatus | undefined;
  let isLeaseDue = true;
  let isWriting = false;
  let isDirty = false;

  const writeStatus = async (status: NodeStatus): Promise<void> => {
    const isStored = await updateStatus<NodeStatus, Node>({
      client,
      kind,
      current: options.findNode() ?? node,
      next: (current) => mergeNodeStatus(current.status, status, clock.now()),
      isSame: isSameNodeStatus,
    });
    if (!isStored) options.onDeleted();
  };
  const write = async (): Promise<void> => {
    if (isLeaseDue) {
      isLeaseDue = false;
      await lease.renew();
    }
    if (reported) await writeStatus(reported);
  };
  const run = async (): Promise<void> => {
    isWriting = true;
    while (isDirty) {
      isDirty = false;
      try {
        await write();
      } catch (error) {
        // The next heartbeat is the next attempt.
        log.warn("a node's report was not stored", { error: errorChain(error) });
      }
    }
    isWriting = false;
  };
  const kick = (): void => {
    isDirty = true;
    if (!isWriting) void run();
  };
  kick();
  return {
    heartbeat() {
      isLeaseDue = true;
      kick();
    },
    report(status) {
      reported = status;
      kick();
    },
  };
}
