import { leaseKind } from "#api/kinds/lease";
import type { Kind } from "#api/machinery/define-kind";
import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Lease, Node } from "#api/schema/types";
import type { Client } from "#client/client";
import { type Clock, toMicroTime } from "#kit/clock";

export const leaseNamespace = "kube-node-lease";
const leaseDurationSeconds = 40;
/** On a node's Lease: the gateway that the node is connected to, "10.0.0.2:6444". */
const holderAnnotation = "kaji.dev/gateway";

/** The gateway that the node is connected to, as its Lease says; undefined: none is known. */
export async function gatewayOf(client: Client, nodeName: string): Promise<string | undefined> {
  const lease = await client.get(leaseKind, nodeName, leaseNamespace).catch(undefinedWhenNotFound);
  return lease?.metadata.annotations?.[holderAnnotation];
}

/** The Lease of one connected node: a heartbeat renews it, and the node lifecycle controller reads it. */
export interface NodeLease {
  renew(): Promise<void>;
}

export function createNodeLease(
  client: Client,
  kind: Kind<Lease>,
  node: Node,
  clock: Clock,
  /** undefined: there is only this one. */
  gatewayAddress: () => string | undefined = () => undefined,
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
  const renewOnce = async (): Promise<boolean> => {
    held ??= await find();
    const renewTime = toMicroTime(clock.now());
    try {
      held = held
        ? await client.update(kind, withHolder(held, renewTime))
        : await client.create(kind, withHolder(newLease(node), renewTime));
      return true;
    } catch (error) {
      held = undefined;
      if (!isCode(error, 409) && !isCode(error, 404)) throw error;
      return false;
    }
  };
  const withHolder = (lease: Lease, renewTime: string): Lease => {
    const spec = { ...lease.spec, renewTime };
    const gateway = gatewayAddress();
    if (gateway === undefined) return { ...lease, spec };
    const annotations = { ...lease.metadata.annotations, [holderAnnotation]: gateway };
    return { ...lease, metadata: { ...lease.metadata, annotations }, spec };
  };
  return {
    async renew() {
      // When someone else wrote it (the server that the node was connected to before), it is read again, once: after
      // that the next heartbeat tries.
      if (!(await renewOnce())) await renewOnce();
    },
  };
}

function newLease(node: Node): Lease {
  const { name, uid = "" } = node.metadata;
  const owner = { apiVersion: "v1", kind: "Node", name, uid };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: leaseNamespace, ownerReferences: [owner] },
    spec: { holderIdentity: name, leaseDurationSeconds },
  };
}
