import { expect, test } from "vitest";
import { tenantKind } from "#api/kinds/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import type { Client } from "#client/client";
import type { TenantRecord } from "#ingress/tenants/record";
import { TenantTable } from "#ingress/tenants/table";
import { WakeRequests } from "#ingress/tenants/wake";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

const plans: Record<string, TenantPlan["spec"]> = {
  plus: { mode: "dedicated" },
  basic: { mode: "pooled", service: { name: "web", port: 80, namespace: "fleet" } },
};

function record(name: string, plan: string, more: Partial<TenantRecord> = {}): TenantRecord {
  const hosts = `${name}.example`;
  return { name, hosts, plan, mode: "", isSuspended: false, namespace: "", createdAt: 1, ...more };
}

function setUp(records: readonly TenantRecord[], waiting: readonly string[] = []) {
  const table = new TenantTable();
  table.replace(records);
  const clock = new ManualClock();
  const written: string[] = [];
  const listening: string[] = [];
  const client = {
    patch: async (kind: unknown, { name, subresource }: { name: string; subresource?: string }) => {
      expect([kind, subresource]).toEqual([tenantKind, "status"]);
      written.push(name);
    },
  } as unknown as Client;
  const plan = (name: string): TenantPlan | undefined => {
    const spec = plans[name];
    const metadata = { name };
    return spec && { apiVersion: "kaji.dev/v1alpha1", kind: "TenantPlan", metadata, spec };
  };
  const wake = new WakeRequests({
    ...{ client, clock, log: silentLog, signal: new AbortController().signal },
    tenants: { table, plan, ready: Promise.resolve() },
    admin: {
      call: async (_, path, body = "") => {
        if (path === "/waiting") return waiting.join("\n");
        listening.push(body.trim());
        return "";
      },
    },
  });
  return { table, clock, written, listening, wake };
}

test("a tenant without a namespace is asked for once, however many requests it has", async () => {
  const { wake, written, clock, listening } = setUp([record("acme", "plus")]);
  for (let i = 0; i < 20; i++) wake.notice("tenant-acme/web:80");
  expect(written).toEqual(["acme"]);
  await clock.runUntil(() => listening.length > 0);
  expect(listening).toEqual(["tenant-acme/web:80"]);
  wake.notice("tenant-acme/web:80");
  expect(written).toEqual(["acme", "acme"]);
});

test("nobody is asked for who is pooled, suspended, made already or unknown", () => {
  const { wake, written } = setUp([
    record("pooled", "basic"),
    record("suspended", "plus", { isSuspended: true }),
    record("made", "plus", { namespace: "tenant-made" }),
    record("lost", "no-such-plan"),
  ]);
  for (const name of ["pooled", "suspended", "made", "lost", "nobody"]) {
    wake.notice(`tenant-${name}/web:80`);
  }
  wake.notice("fleet/web:80");
  wake.notice("tenant-made/other:8080");
  expect(written).toEqual([]);
});

test("requests that were held before this process came are seen", async () => {
  const { wake, written } = setUp([record("acme", "plus")], ["fleet/web:80", "tenant-acme/web:80"]);
  await wake.run();
  expect(written).toEqual(["acme"]);
});

test("once it is made, nginx is not asked to tell any more", async () => {
  const { wake, table, clock, listening } = setUp([record("acme", "plus")]);
  wake.notice("tenant-acme/web:80");
  table.put(record("acme", "plus", { namespace: "tenant-acme" }));
  clock.advance(10_000);
  await Promise.resolve();
  expect(listening).toEqual([]);
});
