import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Ingress } from "#api/schema/types";
import { DEFAULT_COOL_DOWN_SECONDS } from "#api/kinds/tenant-plan";
import { hostsOfIngress } from "#api/tenants/ingress-hosts";
import { TENANT_PLANS, TENANTS, tenantOf } from "#api/tenants/names";
import type { UserInfo } from "#client/transport";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import {
  claimKey,
  kindPrefix,
  NAMESPACES,
  resourceOf,
} from "#control-plane/apiserver/storage/keys";
import type { SharedLeases } from "#control-plane/apiserver/storage/shared-leases";
import type { KeyValue, Operation } from "#control-plane/store/store";

/**
 * Host names that tenants own. The claim "host/NAME" holds the key of its Tenant; one that was given back holds
 * "released/TENANT" and hangs on a lease as long as the cool-down, so that it goes by itself, on any server, and
 * costs nothing afterwards.
 * Invariant: a host is claimed by one Tenant at most, whoever writes through however many servers (rest/commit.ts).
 */
const HOST = "host/";
const RELEASED = "released/";

export function hostClaim(host: string): string {
  return HOST + host;
}

export function isHostClaim(claim: string): boolean {
  return claim.startsWith(HOST);
}

export function claimedHosts({ spec }: Tenant): string[] {
  return (spec.hosts ?? []).map(hostClaim);
}

/** True when the claim was given back by this very Tenant, which may have it again at once. An Ingress of its name may not. */
export function isReclaimable(object: KubeObject, { value }: KeyValue): boolean {
  return (
    object.kind === "Tenant" && Buffer.from(value).toString() === RELEASED + object.metadata.name
  );
}

/**
 * What an Ingress must not find claimed: the hosts that it adds, unless it stands in a tenant's namespace, where
 * admission has compared them with what the tenant owns.
 */
export function hostsToFindFree(
  feed: Feed,
  kind: Kind,
  next: KubeObject,
  current: KubeObject | undefined,
): string[] {
  if (kind.plural !== "ingresses" || !feed.serves(TENANTS)) return [];
  const namespace = feed.cacheOf(NAMESPACES).get(undefined, next.metadata.namespace ?? "");
  if (tenantOf(namespace?.object) !== undefined) return [];
  const before = current ? hostsOfIngress(current as Ingress) : [];
  const added = hostsOfIngress(next as Ingress).filter((host) => !before.includes(host));
  return added.filter((host) => !host.startsWith("*")).map(hostClaim);
}

/** Gives hosts back: nobody else can claim them before the cool-down of the tenant's plan is over. */
export async function releaseHosts(
  { feed, leases }: { readonly feed: Feed; readonly leases: SharedLeases },
  tenant: Tenant,
  claims: readonly string[],
): Promise<Operation[]> {
  if (claims.length === 0) return [];
  const coolDown = coolDownOf(feed, tenant);
  if (coolDown === 0) return claims.map((claim) => ({ type: "delete", key: claimKey(claim) }));
  const lease = await leases.leaseFor(coolDown);
  const value = Buffer.from(RELEASED + tenant.metadata.name);
  return claims.map((claim) => ({ type: "put", key: claimKey(claim), value, lease }));
}

function coolDownOf(feed: Feed, { spec }: Tenant): number {
  if (!feed.serves(TENANT_PLANS)) return DEFAULT_COOL_DOWN_SECONDS;
  const plan = feed.cacheOf(TENANT_PLANS).get(undefined, spec.plan)?.object;
  return (plan as TenantPlan | undefined)?.spec.hostCoolDownSeconds ?? DEFAULT_COOL_DOWN_SECONDS;
}

/** What is said to who came too late. Names the owner to those alone who may see it. */
export function hostRefused(
  authorizer: Authorizer,
  user: UserInfo,
  kind: Kind,
  object: KubeObject,
  claim: { readonly claim: string; readonly holder: string },
): StatusError {
  const host = claim.claim.slice(HOST.length);
  const why = reasonOf(authorizer, user, claim.holder);
  const { name } = object.metadata;
  if (kind.plural !== TENANTS.plural) {
    return errors.forbidden(resourceOf(kind), name, `host "${host}" ${why}`);
  }
  const at = (object as Tenant).spec.hosts?.indexOf(host) ?? 0;
  return errors.invalid(kind, name, [
    {
      reason: "FieldValueDuplicate",
      field: `spec.hosts[${Math.max(0, at)}]`,
      message: `Duplicate value: "${host}": it ${why}`,
    },
  ]);
}

function reasonOf(authorizer: Authorizer, user: UserInfo, holder: string): string {
  const isReleased = holder.startsWith(RELEASED);
  const owner = holder.slice(isReleased ? RELEASED.length : kindPrefix(TENANTS).length);
  const get = { verb: "get", group: TENANTS.group, resource: TENANTS.plural, namespace: undefined };
  const isSeen = authorizer.decide(user, { ...get, name: owner }).isAllowed;
  const shown = isSeen ? `tenant "${owner}"` : "another tenant";
  return isReleased
    ? `was given back by ${shown} a short while ago: others can have it when the cool-down of that tenant's plan is over`
    : `belongs to ${shown}`;
}
