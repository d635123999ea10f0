import type { Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import type { Lease, Node } from "#api/schema/types";
import type { Client } from "#client/client";
import { type Clock, toMicroTime } from "#kit/clock";

export const leaseNamespace = "kube-node-lease";
const leaseDurationSeconds = 40;

/** The Lease of one connected node: a heartbeat renews it, and the node lifecycle controller reads it. */
export interface NodeLease {
  renew(): Promise<void>;
}

export function createNodeLease(
  client: Client,
  kind: Kind<Lease>,
  node: Node,
  clock: Clock,
): NodeLease {
  let held: Lease | undefined;
  const isCode = (error: unknown, code: number): boolean =>
    error instanceof StatusError && error.code === code;

  const find = async (): Promise<Lease | undefined> => {
    try {
      return await client.get(kind, node.metadata.name, leaseNamespace);
    } catch (error) {
      if (isCode(error, 404)) return undefined;
      throw error;
    }
  };
  return {
    async renew() {
      held ??= await find();
      const renewTime = toMicroTime(clock.now());
      try {
        held = held
          ? await client.update(kind, { ...held, spec: { ...held.spec, renewTime } })
          : await client.create(kind, newLease(node, renewTime));
      } catch (error) {
        // Someone else wrote it: the next heartbeat reads it again.
        held = undefined;
        if (!isCode(error, 409) && !isCode(error, 404)) throw error;
      }
    },
  };
}

function newLease(node: Node, renewTime: string): Lease {
  const { name, uid = "" } = node.metadata;
  const owner = { apiVersion: "v1", kind: "Node", name, uid };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: leaseNamespace, ownerReferences: [owner] },
    spec: { holderIdentity: name, leaseDurationSeconds, renewTime },
  };
}
