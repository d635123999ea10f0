import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Charge } from "#control-plane/apiserver/admission/admission";
import { claimsOf } from "#control-plane/apiserver/admission/claims";
import type { RestContext, Written } from "#control-plane/apiserver/rest/context";
import { decodeStored, encodeObject } from "#control-plane/apiserver/storage/codec";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import { claimKey, NAMESPACES, objectKey } from "#control-plane/apiserver/storage/keys";
import type { Compare, Operation } from "#control-plane/store/store";

/**
 * The only functions that write objects to the store. Each is one compare-and-swap transaction that also
 * moves the object's claims, so that no two objects ever hold the same claim, and writes what it is charged to.
 */
export type CreateOutcome =
  | { readonly type: "created"; readonly written: Written }
  | { readonly type: "exists" }
  | { readonly type: "noNamespace" }
  /** What it would be charged to has changed meanwhile. */
  | { readonly type: "contended" }
  | { readonly type: "claimed"; readonly claim: string };

export async function commitCreate(
  context: RestContext,
  kind: Kind,
  object: KubeObject,
  charges: readonly Charge[] = [],
): Promise<CreateOutcome> {
  const { name, namespace } = object.metadata;
  const key = objectKey(kind, namespace, name);
  const claims = claimsOf(kind, object);
  const namespaceKey = namespace ? objectKey(NAMESPACES, undefined, namespace) : undefined;
  const value = encodeObject(object);
  const put = await putOperation(context, kind, key, value);
  const result = await context.store.txn({
    compare: [
      { key, modRevision: 0 },
      ...(namespaceKey ? [{ key: namespaceKey, exists: true }] : []),
      ...absent(claims),
      ...unchanged(charges),
    ],
    then: [put, ...claimPuts(claims, key), ...chargePuts(charges)],
    otherwise: [key, ...claims.map(claimKey), ...charges.map(({ holder }) => holder.key)].map(
      (wanted) => ({ type: "get", key: wanted }),
    ),
  });
  if (result.succeeded) {
    return { type: "created", written: decodeStored(key, value, result.revision) };
  }
  if (result.results[0]) return { type: "exists" };
  const taken = claims.find((_, index) => result.results[index + 1]);
  if (taken !== undefined) return { type: "claimed", claim: taken };
  const seen = result.results.slice(1 + claims.length);
  const isContended = charges.some(({ holder }, at) => seen[at]?.modRevision !== holder.revision);
  return { type: isContended ? "contended" : "noNamespace" };
}

export type UpdateOutcome =
  | { readonly type: "updated"; readonly written: Written }
  | { readonly type: "conflict" }
  | { readonly type: "claimed"; readonly claim: string };

export async function commitUpdate(
  context: RestContext,
  kind: Kind,
  current: StoredObject,
  next: KubeObject,
  charges: readonly Charge[] = [],
): Promise<UpdateOutcome> {
  const held = claimsOf(kind, current.object);
  const wanted = claimsOf(kind, next);
  const added = wanted.filter((claim) => !held.includes(claim));
  const released = held.filter((claim) => !wanted.includes(claim));
  const value = encodeObject(next);
  const put = await putOperation(context, kind, current.key, value);
  const result = await context.store.txn({
    compare: [
      { key: current.key, modRevision: current.revision },
      ...absent(added),
      ...unchanged(charges),
    ],
    then: [
      put,
      ...claimPuts(added, current.key),
      ...claimDeletes(released),
      ...chargePuts(charges),
    ],
    otherwise: added.map((claim) => ({ type: "get", key: claimKey(claim) })),
  });
  if (result.succeeded) {
    return { type: "updated", written: decodeStored(current.key, value, result.revision) };
  }
  const taken = added.find((_, index) => result.results[index]);
  return taken === undefined ? { type: "conflict" } : { type: "claimed", claim: taken };
}

/** False: the object has changed meanwhile. */
export async function commitDelete(
  context: RestContext,
  kind: Kind,
  current: StoredObject,
): Promise<{ succeeded: boolean; revision: number }> {
  return context.store.txn({
    compare: [{ key: current.key, modRevision: current.revision }],
    then: [{ type: "delete", key: current.key }, ...claimDeletes(claimsOf(kind, current.object))],
  });
}

async function putOperation(
  context: RestContext,
  kind: Kind,
  key: string,
  value: Uint8Array,
): Promise<Operation> {
  if (kind.ttlSeconds === undefined) return { type: "put", key, value };
  return { type: "put", key, value, lease: await context.leases.leaseFor(kind.ttlSeconds) };
}

function absent(claims: readonly string[]): Compare[] {
  return claims.map((claim) => ({ key: claimKey(claim), modRevision: 0 }));
}

function unchanged(charges: readonly Charge[]): Compare[] {
  return charges.map(({ holder }) => ({ key: holder.key, modRevision: holder.revision }));
}

function chargePuts(charges: readonly Charge[]): Operation[] {
  return charges.map(({ holder, next }) => ({
    type: "put",
    key: holder.key,
    value: encodeObject(next),
  }));
}

function claimPuts(claims: readonly string[], holder: string): Operation[] {
  const value = Buffer.from(holder);
  return claims.map((claim) => ({ type: "put", key: claimKey(claim), value }));
}

function claimDeletes(claims: readonly string[]): Operation[] {
  return claims.map((claim) => ({ type: "delete", key: claimKey(claim) }));
}
