import { randomInt } from "node:crypto";
import type { EtcdConnection } from "#control-plane/store/etcd/connection";
import { UnknownOutcomeError } from "#control-plane/store/etcd/etcd-errors";
import { leaseId, leaseName } from "#control-plane/store/etcd/key-space";
import { etcdMethods } from "#proto/etcd";

/** Kaji chooses the ids of leases itself, below 2^53: etcd's own do not fit a number. */
const MAX_LEASE_ID = 2 ** 48 - 1;
const GRANT_ATTEMPTS = 5;

/** The lease calls. etcd's own shortest term (2 s with its default election timeout) stands for a shorter one. */
export async function grantLease(connection: EtcdConnection, ttlSeconds: number): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const id = randomInt(1, MAX_LEASE_ID);
    const request = { id, ttl: Math.ceil(ttlSeconds) };
    try {
      await connection.call(etcdMethods.leaseGrant, request, { isRepeatable: false });
      return leaseName(id);
    } catch (error) {
      // One that was granted after all expires by itself.
      if (!(error instanceof UnknownOutcomeError) || attempt === GRANT_ATTEMPTS) throw error;
    }
  }
}

export async function keepLeaseAlive(connection: EtcdConnection, lease: string): Promise<void> {
  const id = known(lease);
  const { ttl } = await connection.exchange(etcdMethods.leaseKeepAlive, { id });
  if (!ttl) throw notFound(lease);
}

export async function revokeLease(connection: EtcdConnection, lease: string): Promise<void> {
  await connection.call(etcdMethods.leaseRevoke, { id: known(lease) }, { isRepeatable: false });
}

function known(lease: string): number {
  const id = leaseId(lease);
  if (id === undefined) throw notFound(lease);
  return id;
}

function notFound(lease: string): Error {
  return new Error(`requested lease not found: ${lease}`);
}
