import { eventKind } from "#api/kinds/event";
import { tenantKind } from "#api/kinds/tenant";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import type { TenantRecord } from "#ingress/tenants/record";
import type { TenantTable } from "#ingress/tenants/table";
import type { Clock } from "#kit/clock";
import type { Rng } from "#kit/rng";

/** Says on a Tenant why a host of it is not served: once for as long as it stands. */
export interface TenantEventsOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** When nginx is full, everybody who comes is refused: the rest is said when there is room again, or never. */
const MAX_EVENTS_AT_ONCE = 50;

export class TenantEvents {
  private readonly options: TenantEventsOptions;
  private readonly said = new Set<string>();

  constructor(options: TenantEventsOptions) {
    this.options = options;
  }

  async report(table: TenantTable, refusals: ReadonlyMap<string, string>): Promise<void> {
    for (const host of this.said) if (!refusals.has(host)) this.said.delete(host);
    for (let contest = table.nextContest(); contest; contest = table.nextContest()) {
      const { host, winner, loser } = contest;
      const message = `${host} is served for the tenant ${winner.name}, which is older: remove it from spec.hosts here`;
      await this.say(loser, "HostOfAnother", message);
      table.contestTold();
    }
    for (const [host, problem] of refusals) {
      if (this.said.size >= MAX_EVENTS_AT_ONCE) return;
      const owner = table.ownerOf(host);
      if (!owner || this.said.has(host)) continue;
      const message = `${host} is not served: nginx has no room for more than the ${table.hosts - refusals.size} hosts it has (${problem})`;
      await this.say(owner, "HostNotServed", message);
      this.said.add(host);
    }
  }

  private async say({ name }: TenantRecord, reason: string, message: string): Promise<void> {
    const { client, clock, rng } = this.options;
    const component = "kaji-ingress";
    try {
      const about = await client.get(tenantKind, name);
      const event = { about, type: "Warning" as const, reason, message, component, rng };
      await client.create(eventKind, newEvent({ ...event, nowMs: clock.now() }));
    } catch (error) {
      // The Tenant went while we wrote about it.
      if (error instanceof StatusError && [403, 404, 409].includes(error.code)) return;
      throw error;
    }
  }
}
