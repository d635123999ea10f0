import { expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { errors } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import type { TenantRecord } from "#ingress/tenants/record";
import { TenantTable } from "#ingress/tenants/table";
import { TenantEvents } from "#ingress/tenants/tenant-events";
import { seededRng } from "#kit/rng";
import { ManualClock } from "#test/support/manual-clock";

function record(name: string, createdAt: number, hosts = `${name}.example`): TenantRecord {
  const plan = "basic";
  return { name, hosts, plan, mode: "", isSuspended: false, namespace: "", createdAt };
}

/** The two calls that are made of a client: whom an event is about, and the event. */
function setUp(known: readonly string[]) {
  const events: Event[] = [];
  const client = {
    get: async (kind: { kind: string; plural: string; group: string }, name: string) => {
      if (!known.includes(name)) throw errors.notFound(kind, name);
      return { apiVersion: "kaji.dev/v1alpha1", kind: kind.kind, metadata: { name, uid: name } };
    },
    create: async (_: unknown, event: Event) => events.push(event),
  } as unknown as Client;
  const said = (): string[] =>
    events.map(({ involvedObject, reason }) => `${involvedObject.name} ${reason}`);
  return {
    events,
    said,
    tell: new TenantEvents({ client, clock: new ManualClock(), rng: seededRng(1) }),
  };
}

test("who comes too late for a host is told whose it is, once", async () => {
  const { tell, events, said } = setUp(["old", "young"]);
  const table = new TenantTable();
  table.put(record("old", 1, "x.example"));
  table.put(record("young", 2, "x.example"));
  await tell.report(table, new Map());
  await tell.report(table, new Map());
  expect(said()).toEqual(["young HostOfAnother"]);
  expect(events[0]?.message).toBe(
    "x.example is served for the tenant old, which is older: remove it from spec.hosts here",
  );
});

test("a host without room is said once for as long as that stands, and of nobody who is gone", async () => {
  const { tell, events, said } = setUp(["a"]);
  const table = new TenantTable();
  table.put(record("a", 1));
  table.put(record("gone", 1));
  const refusals = new Map([
    ["a.example", "no memory"],
    ["gone.example", "no memory"],
  ]);
  await tell.report(table, refusals);
  await tell.report(table, refusals);
  expect(said()).toEqual(["a HostNotServed"]);
  expect(events[0]?.message).toContain("a.example is not served: nginx has no room");
  await tell.report(table, new Map());
  await tell.report(table, refusals);
  expect(said()).toEqual(["a HostNotServed", "a HostNotServed"]);
});
