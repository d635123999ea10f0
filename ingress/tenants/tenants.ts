import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Client } from "#client/client";
import { reflect } from "#client/reflector";
import type { IndexedInformer, Informers } from "#client/shared-informers";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { HostLog } from "#ingress/tenants/host-log";
import { planEntries } from "#ingress/tenants/plans";
import { TenantPublisher } from "#ingress/tenants/publisher";
import {
  dedicatedBackend,
  recordOf,
  servicePort,
  type TenantRecord,
} from "#ingress/tenants/record";
import { TenantTable } from "#ingress/tenants/table";
import { TenantEvents } from "#ingress/tenants/tenant-events";
import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Tenants on their way to nginx: watches them, keeps a record of each, and tells nginx what changes. Beside the
 * loop of Ingresses (ingress/controller.ts), which looks at everything on each change: here a change costs itself.
 */
export interface TenantsOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly admin: Pick<NginxAdmin, "call">;
  /** Where nginx finds every host when it starts. */
  readonly logFile: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Whether the Secret "namespace/name" has a certificate that can be served. */
  readonly isCertificate: (secretKey: string) => boolean;
  /** `backends` or `certificates` may have changed. */
  readonly onNeedsChanged: () => void;
}

const RETRY: BackoffPolicy = { initialMs: 50, factor: 2, maxMs: 5_000, jitter: 0.2 };

export class Tenants {
  readonly table = new TenantTable();
  /** Resolves when nginx serves every tenant for the first time, or when the signal aborts before. */
  readonly ready: Promise<void>;
  private readonly options: TenantsOptions;
  private readonly plans: IndexedInformer<TenantPlan>;
  private readonly publisher: TenantPublisher;
  private readonly events: TenantEvents;
  private readonly hostLog: HostLog;
  private isListed = false;
  private isDirty = false;
  private wake: (() => void) | undefined;
  private markReady: () => void = () => undefined;

  constructor(options: TenantsOptions) {
    this.options = options;
    this.ready = new Promise((resolve) => {
      this.markReady = resolve;
    });
    this.hostLog = new HostLog(options.logFile);
    this.publisher = new TenantPublisher(options.admin, this.hostLog, this.table);
    this.events = new TenantEvents(options);
    this.plans = options.informers.for(tenantPlanKind);
    this.plans.onChange(() => {
      options.onNeedsChanged();
      this.reconsiderPlans();
    });
    options.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** Something that plans name, such as a certificate, may have come or gone. */
  reconsiderPlans(): void {
    if (!this.isListed) return;
    this.table.setPlans(planEntries(this.plans.list(), this.options.isCertificate));
    if (!this.table.isSettled) this.notify();
  }

  /** nginx is new, or the table has changed. */
  notify(): void {
    this.isDirty = true;
    this.wake?.();
  }

  plan(name: string): TenantPlan | undefined {
    return this.plans.get(name);
  }

  /** "namespace/service:port" of every Service that tenants are answered by now: fleets, and what is made. */
  *backends(): Generator<string> {
    for (const { spec } of this.plans.list()) {
      if (spec.service?.namespace) yield `${spec.service.namespace}/${servicePort(spec.service)}`;
    }
    for (const record of this.table.withNamespace()) {
      const backend = dedicatedBackend(record, this.plans.get(record.plan));
      if (backend) yield backend;
    }
  }

  /** "namespace/name" of the plans' Secrets. */
  *certificates(): Generator<string> {
    for (const { spec } of this.plans.list()) {
      if (spec.tls) yield `${spec.tls.namespace}/${spec.tls.name}`;
    }
  }

  async run(): Promise<void> {
    const { client, clock, rng, log, signal, informers } = this.options;
    const mirroring = reflect<Tenant, TenantRecord>({
      ...{ client, clock, rng, log, signal },
      kind: tenantKind,
      selection: {},
      transform: recordOf,
      sink: {
        replace: (records) => this.replace(records),
        apply: ({ type, object }) => this.apply(type === "DELETED", object),
      },
    });
    // Without its plan a tenant's host would be refused for a moment.
    await informers.for(tenantPlanKind).synced.catch(() => undefined);
    await this.follow();
    await mirroring;
    await this.hostLog.close();
  }

  private replace(records: readonly TenantRecord[]): void {
    this.table.replace(records);
    this.isListed = true;
    this.options.onNeedsChanged();
    this.reconsiderPlans();
    this.notify();
  }

  private apply(isGone: boolean, record: TenantRecord): void {
    const previous = this.table.get(record.name);
    if (isGone) this.table.remove(record.name);
    else this.table.put(record);
    if (previous?.namespace || record.namespace) this.options.onNeedsChanged();
    this.notify();
  }

  private async follow(): Promise<void> {
    const { clock, rng, log, signal } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      if (!this.isDirty || !this.isListed) await this.untilNotified();
      if (signal.aborted) return;
      if (!this.isListed) continue;
      this.isDirty = false;
      try {
        await this.publisher.flush();
        failures = 0;
        this.markReady();
        await this.events.report(this.table, this.publisher.refusals);
      } catch (error) {
        this.isDirty = true;
        log.warn("nginx could not be told of tenants", { error: errorChain(error) });
        await sleep(clock, backoffDelayMs(RETRY, failures++, rng), signal);
      }
    }
  }

  private end(): void {
    this.markReady();
    this.wake?.();
  }

  private untilNotified(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}
