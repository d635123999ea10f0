import { expect, test } from "vitest";
import type { Tenant } from "#api/schema/own/tenant";
import { withChanges } from "#dashboard/model/tenant-search";

const tenant = (name: string, plan = "small"): Tenant =>
  ({ metadata: { name, uid: name }, spec: { plan } }) as Tenant;

test("a page goes on with its tenants as they are now, and without those that are gone", () => {
  const page = { items: ["anna", "bert", "carl"].map((name) => tenant(name)), metadata: {} };
  const changed = new Map([
    ["anna", tenant("anna", "large")],
    ["bert", undefined],
    ["dora", tenant("dora")],
  ]);
  const { items } = withChanges(page, changed);
  expect(items.map(({ metadata, spec }) => `${metadata.name} ${spec.plan}`)).toEqual([
    "anna large",
    "carl small",
  ]);
});
