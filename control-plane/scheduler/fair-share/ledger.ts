import { namespaceKind } from "#api/kinds/namespace";
import type { Kind } from "#api/machinery/define-kind";
import type { Namespace } from "#api/schema/types";
import {
  addTo,
  type Amounts,
  dominantShare,
  entitlement,
  noAmounts,
  serviceTag,
  type Tenant,
} from "#control-plane/scheduler/fair-share/shares";
import type { ClusterView, PodToPlace } from "#control-plane/scheduler/framework";
import type { PlacedPod, Resources } from "#control-plane/scheduler/node-state";

/** On a namespace: how much of the cluster its tenant should have, against the others'. A positive number. */
export const WEIGHT_ANNOTATION = "kaji.dev/fair-share-weight";
/** On a namespace: whose it is. Namespaces of one tenant share one share. Default: its own name. */
export const TENANT_ANNOTATION = "kaji.dev/fair-share-tenant";

/** A pod's place among those that wait; `compare`, which sees no view, finds it here. */
export const serviceTags = new WeakMap<PodToPlace, number>();

/** Between two countings what was placed since is known from the queue: the order suffers little. */
const MAX_AGE_MS = 1_000;

interface Account {
  weight: number;
  readonly used: Amounts;
  /** The share of its pods that got a place in the queue since the last counting. */
  queuedShare: number;
}

/**
 * Who has how much of the cluster, counted anew from the snapshot once a second at most (and when nodes or
 * namespaces came) and only while fair sharing is on: while some namespace has a weight. Owned by the fair-share plugin, one per running scheduler.
 */
export class Ledger {
  private accounts = new Map<string, Account>();
  private tenantOf = new Map<string, string>();
  private capacity = noAmounts();
  private countedAtMs = Number.NEGATIVE_INFINITY;
  private countedOf = "";
  /** Pods that are being evicted on a tenant's behalf, until the snapshot has lost them. */
  private leaving: ReadonlySet<string> = new Set();

  get isOn(): boolean {
    return this.accounts.size > 0;
  }

  refresh(view: ClusterView): void {
    const nowMs = view.nowMs();
    const of = `${view.version(namespaceKind as unknown as Kind)} ${view.snapshot.size}`;
    const isRecent = nowMs >= this.countedAtMs && nowMs - this.countedAtMs < MAX_AGE_MS;
    if (of === this.countedOf && (isRecent || !this.isOn)) return;
    this.countedAtMs = nowMs;
    this.countedOf = of;
    this.readNamespaces(view);
    if (!this.isOn) return;
    this.capacity = noAmounts();
    const leaving = new Set<string>();
    for (const { allocatable, pods, nominated } of view.snapshot.nodes) {
      addTo(this.capacity, allocatable);
      for (const pod of [...pods.values(), ...nominated]) {
        if (this.leaving.has(pod.key)) leaving.add(pod.key);
        else if (!pod.podClass.isTerminating) {
          addTo(this.accountOf(pod.podClass.namespace).used, pod.requests);
        }
      }
    }
    this.leaving = leaving;
    this.retag(view);
  }

  /** Gives the pod its place in the queue, unless it has one. */
  tag(pod: PodToPlace): void {
    if (!this.isOn) serviceTags.delete(pod);
    if (!this.isOn || serviceTags.has(pod)) return;
    const { namespace } = pod.podClass;
    const account = this.accountOf(namespace);
    const podShare = this.shareOf(pod.requests);
    const tenant = this.tenant(this.tenantNameOf(namespace), account);
    serviceTags.set(pod, serviceTag(tenant, account.queuedShare, podShare));
    account.queuedShare += podShare;
  }

  /** Pods that end leave their tenant less than the places of its pods were made for. */
  private retag(view: ClusterView): void {
    const queued = Array.from(view.queued(), (pod) => ({ pod, tag: serviceTags.get(pod) ?? 0 }));
    queued.sort((a, b) => a.tag - b.tag);
    for (const { pod } of queued) serviceTags.delete(pod);
    for (const { pod } of queued) this.tag(pod);
    if (queued.length > 0) view.resort();
  }

  isLeaving({ key }: PlacedPod): boolean {
    return this.leaving.has(key);
  }

  /** Victims give their room to the pod: counted at once, so that the next decision knows of it. */
  settle(pod: PodToPlace, victims: readonly PlacedPod[]): void {
    addTo(this.accountOf(pod.podClass.namespace).used, pod.requests);
    for (const { podClass, requests } of victims) {
      addTo(this.accountOf(podClass.namespace).used, requests, -1);
    }
    this.leaving = new Set([...this.leaving, ...victims.map(({ key }) => key)]);
  }

  tenantNameOf(namespace: string): string {
    return this.tenantOf.get(namespace) ?? namespace;
  }

  shareOf(requests: Resources): number {
    return dominantShare(requests, this.capacity);
  }

  /** How far the tenant is above (or, negative, below) what is its own. */
  excess(name: string): number {
    const account = this.accounts.get(name);
    if (!account) return 0;
    const tenants = [...this.accounts].map(([key, one]) => this.tenant(key, one));
    const tenant = this.tenant(name, account);
    return tenant.share - entitlement(tenant, tenants);
  }

  private tenant(name: string, { weight, used }: Account): Tenant {
    return { name, weight, share: dominantShare(used, this.capacity) };
  }

  private readNamespaces(view: ClusterView): void {
    this.accounts = new Map();
    this.tenantOf = new Map();
    for (const { metadata } of view.lister<Namespace>(namespaceKind).list()) {
      const tenant = metadata.annotations?.[TENANT_ANNOTATION];
      if (tenant) this.tenantOf.set(metadata.name, tenant);
      const weight = Number(metadata.annotations?.[WEIGHT_ANNOTATION]);
      if (!(weight > 0) || !Number.isFinite(weight)) continue;
      const name = tenant ?? metadata.name;
      const known = this.accounts.get(name);
      this.accounts.set(name, newAccount(Math.max(weight, known?.weight ?? 0)));
    }
  }

  private accountOf(namespace: string): Account {
    const name = this.tenantNameOf(namespace);
    let account = this.accounts.get(name);
    if (!account) {
      account = newAccount(1);
      this.accounts.set(name, account);
    }
    return account;
  }
}

function newAccount(weight: number): Account {
  return { weight, used: noAmounts(), queuedShare: 0 };
}
