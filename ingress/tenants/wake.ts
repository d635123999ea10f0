import { tenantKind } from "#api/kinds/tenant";
import { StatusError } from "#api/machinery/status-error";
import { namespaceOfTenant } from "#api/tenants/names";
import type { Client } from "#client/client";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { dedicatedBackend } from "#ingress/tenants/record";
import type { Tenants } from "#ingress/tenants/tenants";
import { type Clock, sleep, toTime } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/**
 * Asks for the workload of a tenant that has a request and no namespace yet: writes `status.wakeRequestTime`, which the
 * tenant controller answers by making it. nginx holds the requests meanwhile (hold.lua) and tells us of the first one.
 *
 * Invariants:
 * - However many requests a tenant has, it is written once in ASK_EVERY_MS.
 * - Whoever was not written (the queue was full, the server away) is told of again at its next request.
 */
export interface WakeOptions {
  readonly client: Client;
  readonly tenants: Pick<Tenants, "table" | "plan" | "ready">;
  readonly admin: Pick<NginxAdmin, "call">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const ASK_EVERY_MS = 5_000;
/** Writes under way at once: a storm of first requests must not be one of writes. */
const MAX_WRITES = 32;
const MAX_WAITING = 10_000;

export class WakeRequests {
  private readonly options: WakeOptions;
  private readonly waiting = new Map<string, string>();
  private readonly asked = new Set<string>();
  private writes = 0;

  constructor(options: WakeOptions) {
    this.options = options;
  }

  /** nginx has a request for this backend ("tenant-NAME/service:port"). */
  notice(backend: string): void {
    const name = this.sleeperOf(backend);
    if (name === undefined || this.asked.has(name)) return;
    if (this.waiting.size < MAX_WAITING) this.waiting.set(name, backend);
    this.asked.add(name);
    void this.listenAgain(name, backend);
    this.next();
  }

  /** Looks for requests that were held before this process came; the others are told of. */
  async run(): Promise<void> {
    const { tenants, admin, log, signal } = this.options;
    await tenants.ready;
    if (signal.aborted) return;
    try {
      const keys = await admin.call("GET", "/waiting");
      for (const key of keys.split("\n").filter(Boolean)) this.notice(key);
    } catch (error) {
      log.warn("nginx could not be asked who waits", { error: errorChain(error) });
    }
  }

  /** The tenant whose backend this is, if it is not made yet. */
  private sleeperOf(backend: string): string | undefined {
    const { tenants } = this.options;
    const namespace = backend.slice(0, backend.indexOf("/"));
    if (!namespace.startsWith(PREFIX)) return undefined;
    const record = tenants.table.get(namespace.slice(PREFIX.length));
    if (!record || record.namespace !== "") return undefined;
    const own = dedicatedBackend(record, tenants.plan(record.plan));
    return own === backend ? record.name : undefined;
  }

  private next(): void {
    for (const name of this.waiting.keys()) {
      if (this.writes >= MAX_WRITES) return;
      this.waiting.delete(name);
      this.writes += 1;
      void this.write(name).finally(() => {
        this.writes -= 1;
        this.next();
      });
    }
  }

  private async write(name: string): Promise<void> {
    const { client, clock, log } = this.options;
    const body = { status: { wakeRequestTime: toTime(clock.now()) } };
    try {
      await client.patch(tenantKind, { name, subresource: "status" }, { type: "merge", body });
    } catch (error) {
      // It went meanwhile: its host is about to go as well.
      if (error instanceof StatusError && error.code === 404) return;
      log.warn("a tenant could not be asked for", { tenant: name, error: errorChain(error) });
    }
  }

  private async listenAgain(name: string, backend: string): Promise<void> {
    const { clock, admin, log, signal } = this.options;
    await sleep(clock, ASK_EVERY_MS, signal);
    this.asked.delete(name);
    if (signal.aborted || this.sleeperOf(backend) === undefined) return;
    try {
      await admin.call("POST", "/traffic?listen=1", `\n${backend}`);
    } catch (error) {
      // nginx restarted, and so tells of every backend.
      log.debug("nginx could not be asked to tell of a tenant", { tenant: name, error });
    }
  }
}

const PREFIX = namespaceOfTenant("");
