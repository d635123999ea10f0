import { eventKind } from "#api/kinds/event";
import { ingressKind } from "#api/kinds/ingress";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Ingress } from "#api/schema/types";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import type { Drain } from "#ingress/drain";
import { publishedOf } from "#ingress/drain";
import {
  addressesToShow,
  type IngressNode,
  isSpokesman,
  statusAddress,
} from "#ingress/nodes/addresses";
import { entriesOf } from "#ingress/plan/entries";
import { type ClusterView, type IngressPlan, planIngress } from "#ingress/plan/plan";
import type { Publisher } from "#ingress/publisher";
import { type TenantNeeds, withTenants } from "#ingress/tenants/needs";
import { backoffDelayMs, type BackoffPolicy } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * The loop: cluster -> plan (pure) -> announce -> publish -> release. One pass at a time; changes that come
 * during a pass cause one more. A failed pass is tried again from scratch, never continued.
 */
export interface ControllerOptions {
  readonly view: ClusterView;
  readonly tenants: TenantNeeds;
  readonly client: Client;
  readonly publisher: Publisher;
  readonly drain: Drain;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** This node and the others: what Ingress.status shows, and who says what is to be said once. */
  readonly nodes: { readonly own: IngressNode; living(): readonly IngressNode[] };
  /** As nginx served them when this process began: one that cannot be used leaves the former one in place. */
  readonly formerCertificates: IngressPlan["certificates"];
  readonly onPublished: (plan: IngressPlan) => void;
  readonly signal: AbortSignal;
}

const retryPolicy: BackoffPolicy = { initialMs: 50, factor: 2, maxMs: 5_000, jitter: 0.2 };

export class IngressController {
  private readonly options: ControllerOptions;
  private isDirty = true;
  private wake: (() => void) | undefined;
  /** What the last pass had to complain of: each is said once, for as long as it stands. */
  private said: ReadonlySet<string> = new Set();
  private lastBackends: IngressPlan["backends"] = new Map();
  private certificates: IngressPlan["certificates"];
  private isFirstPass = true;

  constructor(options: ControllerOptions) {
    this.options = options;
    this.certificates = options.formerCertificates;
    options.signal.addEventListener("abort", () => this.wake?.(), { once: true });
  }

  /** The cluster (or nginx) changed. */
  notify(): void {
    this.isDirty = true;
    this.wake?.();
  }

  async run(): Promise<void> {
    const { signal, clock, rng, log } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      if (!this.isDirty) await this.untilNotified();
      if (signal.aborted) return;
      this.isDirty = false;
      try {
        await this.pass();
        failures = 0;
      } catch (error) {
        this.isDirty = true;
        log.warn("the ingress could not be brought up to date", { error: errorChain(error) });
        await sleep(clock, backoffDelayMs(retryPolicy, failures++, rng), signal);
      }
    }
  }

  private untilNotified(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  private async pass(): Promise<void> {
    const { view, client, publisher, drain, onPublished } = this.options;
    const plan = withTenants(planIngress(view, this.certificates), view, this.options.tenants);
    const published = publishedOf(plan);
    if (this.isFirstPass) {
      const pods = await client.list(podKind);
      drain.recover(pods.items, published);
      this.isFirstPass = false;
    }
    await drain.announce(published);
    await publisher.publish(entriesOf(plan));
    this.certificates = plan.certificates;
    drain.release(published);
    onPublished(plan);
    await this.report(plan);
  }

  /** Conditions of the cluster that users must see: addresses, problems, and each change of endpoints. */
  private async report(plan: IngressPlan): Promise<void> {
    const standing = new Set<string>();
    for (const { about, reason, message } of plan.problems) {
      const key = `${about.metadata.uid} ${reason} ${message}`;
      standing.add(key);
      if (!this.said.has(key)) await this.event(about, "Warning", reason, message);
    }
    this.said = standing;
    for (const ingress of plan.served) {
      await this.reportAddress(ingress);
      await this.reportEndpoints(ingress, plan);
    }
    this.lastBackends = plan.backends;
  }

  private async reportAddress(ingress: Ingress): Promise<void> {
    const { nodes } = this.options;
    const listed = ingress.status?.loadBalancer?.ingress ?? [];
    const shown = listed.map(({ ip, hostname }) => ip ?? hostname ?? "");
    const addresses = addressesToShow(shown, nodes.own, nodes.living());
    if (!addresses) return;
    const { name, namespace = "" } = ingress.metadata;
    const body = { status: { loadBalancer: { ingress: addresses.map(statusAddress) } } };
    await this.tolerateGone(() =>
      this.options.client.patch(
        ingressKind,
        { name, namespace, subresource: "status" },
        { type: "merge", body },
      ),
    );
  }

  private async reportEndpoints(ingress: Ingress, plan: IngressPlan): Promise<void> {
    const prefix = `${ingress.metadata.namespace}/`;
    for (const backend of backendsOf(ingress)) {
      const key = prefix + backend;
      const now = plan.backends.get(key)?.map(({ address, port }) => `${address}:${port}`) ?? [];
      const before = this.lastBackends.get(key)?.map(({ address, port }) => `${address}:${port}`);
      if (!before || before.join() === now.join()) continue;
      const added = now
        .filter((address) => !before.includes(address))
        .map((address) => `+${address}`);
      const removed = before
        .filter((address) => !now.includes(address))
        .map((address) => `-${address}`);
      const message = `${backend}: ${[...added, ...removed].join(" ")}; ${now.length} in all`;
      await this.event(ingress, "Normal", "EndpointsChanged", message);
    }
  }

  private async event(
    about: Ingress,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
  ): Promise<void> {
    const { clock, rng, nodes } = this.options;
    if (!isSpokesman(nodes.own.name, nodes.living())) return;
    const event = newEvent({
      about,
      type,
      reason,
      message,
      component: "kaji-ingress",
      nowMs: clock.now(),
      rng,
    });
    await this.tolerateGone(() => this.options.client.create(eventKind, event));
  }

  private async tolerateGone(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      // The Ingress (or its namespace) went while we wrote about it.
      if (error instanceof StatusError && [403, 404, 409].includes(error.code)) return;
      throw error;
    }
  }
}

/** "service:port" of every path and the default of an Ingress, once each. */
function backendsOf(ingress: Ingress): Set<string> {
  const paths = (ingress.spec.rules ?? []).flatMap((rule) => rule.http?.paths ?? []);
  const wanted = [
    ...paths.map(({ backend }) => backend),
    ...(ingress.spec.defaultBackend ? [ingress.spec.defaultBackend] : []),
  ];
  return new Set(
    wanted.flatMap(({ service }) =>
      service ? [`${service.name}:${service.port?.name ?? service.port?.number}`] : [],
    ),
  );
}
