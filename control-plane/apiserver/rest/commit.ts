import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { Charge } from "#control-plane/apiserver/admission/admission";
import { claimsOf } from "#control-plane/apiserver/admission/claims";
import type { RestContext, Written } from "#control-plane/apiserver/rest/context";
import { decodeStored, encodeObject } from "#control-plane/apiserver/storage/codec";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import {
  hostsToFindFree,
  isHostClaim,
  isReclaimable,
  releaseHosts,
} from "#control-plane/apiserver/storage/host-claims";
import { claimKey, NAMESPACES, objectKey } from "#control-plane/apiserver/storage/keys";
import type { Compare, KeyValue, Operation, TxnResult } from "#control-plane/store/store";

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
  | Claimed;

/** Another has what this write wants. */
export interface Claimed {
  readonly type: "claimed";
  readonly claim: string;
  /** What the claim's key holds. */
  readonly holder: string;
}

export async function commitCreate(
  context: RestContext,
  kind: Kind,
  object: KubeObject,
  charges: readonly Charge[] = [],
  own: OwnClaims = noOwnClaims,
): Promise<CreateOutcome> {
  const { name, namespace } = object.metadata;
  const key = objectKey(kind, namespace, name);
  const claims = claimsOf(kind, object);
  const free = hostsToFindFree(context.feed, kind, object, undefined);
  const early = await takenAlready(context, free.slice(MAX_COMPARED_HOSTS));
  if (early) return early;
  const wanted = [...claims, ...free.slice(0, MAX_COMPARED_HOSTS)];
  const namespaceKey = namespace ? objectKey(NAMESPACES, undefined, namespace) : undefined;
  const value = encodeObject(object);
  const put = await putOperation(context, kind, key, value);
  const result = await context.store.txn({
    compare: [
      { key, modRevision: 0 },
      ...(namespaceKey ? [{ key: namespaceKey, exists: true }] : []),
      ...absent(wanted, own),
      ...unchanged(charges),
    ],
    then: [put, ...claimPuts(claims, key), ...chargePuts(charges)],
    otherwise: [key, ...wanted.map(claimKey), ...charges.map(({ holder }) => holder.key)].map(
      (seen) => ({ type: "get", key: seen }),
    ),
  });
  if (result.succeeded) {
    return { type: "created", written: decodeStored(key, value, result.revision) };
  }
  if (result.results[0]) return { type: "exists" };
  const found = result.results.slice(1, 1 + wanted.length);
  const taken = takenOf(object, wanted, found, own);
  if (taken?.type === "own") return commitCreate(context, kind, object, charges, taken.claims);
  if (taken) return taken;
  const seen = result.results.slice(1 + wanted.length);
  const isContended = charges.some(({ holder }, at) => seen[at]?.modRevision !== holder.revision);
  return { type: isContended ? "contended" : "noNamespace" };
}

export type UpdateOutcome =
  | { readonly type: "updated"; readonly written: Written }
  | { readonly type: "conflict" }
  | Claimed;

export async function commitUpdate(
  context: RestContext,
  kind: Kind,
  current: StoredObject,
  next: KubeObject,
  charges: readonly Charge[] = [],
  own: OwnClaims = noOwnClaims,
): Promise<UpdateOutcome> {
  const held = claimsOf(kind, current.object);
  const wanted = claimsOf(kind, next);
  const added = wanted.filter((claim) => !held.includes(claim));
  const released = held.filter((claim) => !wanted.includes(claim));
  const free = hostsToFindFree(context.feed, kind, next, current.object);
  const early = await takenAlready(context, free.slice(MAX_COMPARED_HOSTS));
  if (early) return early;
  const checked = [...added, ...free.slice(0, MAX_COMPARED_HOSTS)];
  const value = encodeObject(next);
  const put = await putOperation(context, kind, current.key, value);
  const result = await context.store.txn({
    compare: [
      { key: current.key, modRevision: current.revision },
      ...absent(checked, own),
      ...unchanged(charges),
    ],
    then: [
      put,
      ...claimPuts(added, current.key),
      ...(await claimReleases(context, current.object, released)),
      ...chargePuts(charges),
    ],
    otherwise: checked.map((claim) => ({ type: "get", key: claimKey(claim) })),
  });
  if (result.succeeded) {
    return { type: "updated", written: decodeStored(current.key, value, result.revision) };
  }
  const taken = takenOf(next, checked, result.results, own);
  if (taken?.type === "own") {
    return commitUpdate(context, kind, current, next, charges, taken.claims);
  }
  return taken ?? { type: "conflict" };
}

/** False: the object has changed meanwhile. */
export async function commitDelete(
  context: RestContext,
  kind: Kind,
  current: StoredObject,
): Promise<{ succeeded: boolean; revision: number }> {
  const { key, revision, object } = current;
  const releases = await claimReleases(context, object, claimsOf(kind, object));
  return context.store.txn({
    compare: [{ key, modRevision: revision }],
    then: [{ type: "delete", key }, ...releases],
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

/** What fits into a transaction of an etcd that is configured as it comes (--max-txn-ops 128), with the rest of it. */
const MAX_COMPARED_HOSTS = 100;

/** Of an Ingress of more hosts than a transaction compares: of those beyond, one that is claimed now. */
async function takenAlready(
  { store }: RestContext,
  claims: readonly string[],
): Promise<Claimed | undefined> {
  for (let at = 0; at < claims.length; at += MAX_COMPARED_HOSTS) {
    const part = claims.slice(at, at + MAX_COMPARED_HOSTS);
    const then = part.map((claim): Operation => ({ type: "get", key: claimKey(claim) }));
    const { results } = await store.txn({ compare: [], then });
    const index = results.findIndex((found) => found !== undefined);
    const holder = results[index];
    const claim = part[index];
    if (claim !== undefined && holder) {
      return { type: "claimed", claim, holder: Buffer.from(holder.value).toString() };
    }
  }
  return undefined;
}

/** Claims that stand in the store, and that this object may take over as they were seen. */
type OwnClaims = ReadonlyMap<string, number>;
const noOwnClaims: OwnClaims = new Map();

function absent(claims: readonly string[], own: OwnClaims): Compare[] {
  return claims.map((claim) => ({ key: claimKey(claim), modRevision: own.get(claim) ?? 0 }));
}

/**
 * Who has one of the claims; or, when it is only this object itself that gave them back, which to take over. The
 * second time they have changed since: somebody else is at it.
 */
function takenOf(
  object: KubeObject,
  claims: readonly string[],
  found: TxnResult["results"],
  own: OwnClaims,
): Claimed | { readonly type: "own"; readonly claims: OwnClaims } | undefined {
  const again = new Map<string, number>();
  for (const [index, claim] of claims.entries()) {
    const held: KeyValue | undefined = found[index];
    if (!held) continue;
    if (own.size === 0 && isHostClaim(claim) && isReclaimable(object, held)) {
      again.set(claim, held.modRevision);
    } else {
      return { type: "claimed", claim, holder: Buffer.from(held.value).toString() };
    }
  }
  return again.size > 0 ? { type: "own", claims: again } : undefined;
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

/** Everything is free at once but hosts, which wait. */
async function claimReleases(
  context: RestContext,
  holder: KubeObject,
  claims: readonly string[],
): Promise<Operation[]> {
  const hosts = claims.filter(isHostClaim);
  const others = claims.filter((claim) => !isHostClaim(claim));
  return [
    ...others.map((claim): Operation => ({ type: "delete", key: claimKey(claim) })),
    ...(await releaseHosts(context, holder as Tenant, hosts)),
  ];
}
