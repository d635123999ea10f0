import { leaseKind } from "#api/kinds/lease";
import type { Client } from "#client/client";
import type { Informers } from "#client/shared-informers";
import { LeaseDirectory, SERVER_LABELS, SERVER_NAMESPACE } from "#control-plane/servers/directory";
import { keepServersPublished } from "#control-plane/servers/kubernetes-service";
import { forgetServer, keepPresence } from "#control-plane/servers/presence";
import type { LiveServer, ServerDirectory } from "#control-plane/servers/types";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

export interface MembershipOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly self: LiveServer;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Makes this server known to the others, and the others to it. */
export async function joinServers(
  options: MembershipOptions,
): Promise<{ readonly servers: ServerDirectory; readonly left: Promise<void> }> {
  const { client, informers, log } = options;
  const labelSelector = Object.entries(SERVER_LABELS)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const leases = informers.for(leaseKind, { namespace: SERVER_NAMESPACE, labelSelector });
  await leases.synced;
  const servers = new LeaseDirectory({
    ...options,
    leases,
    onDead(lease) {
      log.warn("another server has gone", { server: lease.metadata.name });
      void forgetServer({ client, log }, lease);
    },
  });
  const tasks = [keepPresence(options), keepServersPublished({ ...options, servers })];
  return { servers, left: Promise.all(tasks).then(() => undefined) };
}
