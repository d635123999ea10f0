import { leaseKind } from "#api/kinds/lease";
import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Lease } from "#api/schema/types";
import type { Client } from "#client/client";
import {
  API_ADDRESS,
  GATEWAY_ADDRESS,
  SERVER_LABELS,
  SERVER_LEASE_MS,
  SERVER_NAMESPACE,
} from "#control-plane/servers/directory";
import type { LiveServer } from "#control-plane/servers/types";
import { type Clock, sleep, toMicroTime } from "#kit/clock";
import type { Log } from "#kit/log";

/** Also how often each server looks who is gone. */
const RENEW_MS = 4_000;
const RETRY_MS = 1_000;

export interface PresenceOptions {
  readonly client: Client;
  readonly self: LiveServer;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Keeps this server's lease until the signal aborts, then gives it up so that the others know at once. */
export async function keepPresence(options: PresenceOptions): Promise<void> {
  const { clock, log, signal } = options;
  let held: Lease | undefined;
  while (!signal.aborted) {
    try {
      held = await renew(options, held);
      await sleep(clock, RENEW_MS, signal);
    } catch (error) {
      held = undefined;
      log.warn("this server's lease could not be renewed; others may think it dead", { error });
      await sleep(clock, RETRY_MS, signal);
    }
  }
  await forgetServer(options, held);
}

/** Deletes the lease unless it has been renewed since. */
export async function forgetServer(
  { client, log }: Pick<PresenceOptions, "client" | "log">,
  lease: Lease | undefined,
): Promise<void> {
  if (!lease) return;
  const { name, uid = "", resourceVersion = "" } = lease.metadata;
  try {
    const preconditions = { uid, resourceVersion };
    await client.delete(leaseKind, { name, namespace: SERVER_NAMESPACE }, { preconditions });
  } catch (error) {
    // Somebody else has deleted it, or it lives after all.
    if (isCode(error, 404) || isCode(error, 409)) return;
    log.warn("the lease of a server that has gone could not be deleted", { server: name, error });
  }
}

async function renew(options: PresenceOptions, held: Lease | undefined): Promise<Lease> {
  const { client, self, clock } = options;
  const current =
    held ?? (await client.get(leaseKind, self.name, SERVER_NAMESPACE).catch(undefinedWhenNotFound));
  const wanted = leaseOf(self, current, toMicroTime(clock.now()));
  if (!current) return client.create(leaseKind, wanted);
  try {
    return await client.update(leaseKind, wanted);
  } catch (error) {
    // Another server took us for dead, or wrote it: look again at once.
    if (held && (isCode(error, 404) || isCode(error, 409))) return renew(options, undefined);
    throw error;
  }
}

function leaseOf(self: LiveServer, current: Lease | undefined, renewTime: string): Lease {
  const metadata = current?.metadata ?? { name: self.name, namespace: SERVER_NAMESPACE };
  const annotations = {
    [API_ADDRESS]: self.apiAddress,
    [GATEWAY_ADDRESS]: self.gatewayAddress,
  };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...SERVER_LABELS },
      annotations: { ...metadata.annotations, ...annotations },
    },
    spec: {
      holderIdentity: self.name,
      leaseDurationSeconds: SERVER_LEASE_MS / 1000,
      renewTime,
    },
  };
}

function isCode(error: unknown, code: number): boolean {
  return error instanceof StatusError && error.code === code;
}
