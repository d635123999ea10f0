import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostsOf, type TenantRecord, tenantEntry } from "#ingress/tenants/record";
import { encodeEntries, TenantTable } from "#ingress/tenants/table";

const records = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  hosts: fc
    .uniqueArray(fc.constantFrom("x.example", "y.example", "z.example"))
    .map((all) => all.join(" ")),
  plan: fc.constantFrom("basic", "plus"),
  mode: fc.constantFrom("", "dedicated"),
  isSuspended: fc.boolean(),
  namespace: fc.constantFrom("", "tenant-a"),
  createdAt: fc.nat(3),
}) satisfies fc.Arbitrary<TenantRecord>;

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("put" as const), record: records }),
    fc.record({ type: fc.constant("remove" as const), name: fc.constantFrom("a", "b", "c", "d") }),
    fc.record({
      type: fc.constant("replace" as const),
      records: fc.uniqueArray(records, { selector: ({ name }) => name }),
    }),
    fc.record({ type: fc.constant("take" as const), limit: fc.nat(3) }),
  ),
  { maxLength: 40 },
);

/** What is served when everything is looked at anew: of each host, the oldest tenant that names it. */
function served(tenants: Iterable<TenantRecord>): Map<string, string> {
  const byAge = [...tenants].sort(
    (a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1),
  );
  const hosts = new Map<string, string>();
  for (const record of byAge) {
    for (const host of hostsOf(record)) if (!hosts.has(host)) hosts.set(host, tenantEntry(record));
  }
  return hosts;
}

describe("the table of tenants", () => {
  test("serves each host for the oldest tenant that names it, and its changes lead nginx there", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const table = new TenantTable();
        const model = new Map<string, TenantRecord>();
        const nginx = new Map<string, string>();
        const send = (limit: number): void => {
          for (const { key, value } of table.take(limit)) {
            if (value === undefined) nginx.delete(key);
            else nginx.set(key, value);
          }
        };
        for (const step of all) {
          if (step.type === "put") {
            table.put(step.record);
            model.set(step.record.name, step.record);
          } else if (step.type === "remove") {
            table.remove(step.name);
            model.delete(step.name);
          } else if (step.type === "replace") {
            table.replace(step.records);
            model.clear();
            for (const record of step.records) model.set(record.name, record);
          } else send(step.limit);
        }
        const expected = served(model.values());
        const entries = [...table.entries()].map(({ key, value }) => [key, value] as const);
        expect(new Map(entries)).toEqual(expected);
        send(Infinity);
        expect(nginx).toEqual(expected);
        expect(table.isSettled).toBe(true);
        const made = [...model.values()].filter(({ namespace }) => namespace !== "");
        expect(new Set(table.withNamespace())).toEqual(new Set(made));
      }),
    );
  });

  test("names a contest for a host once, with who has it", () => {
    const table = new TenantTable();
    const young = {
      name: "young",
      hosts: "x.example",
      plan: "basic",
      mode: "",
      isSuspended: false,
    };
    const record = (name: string, createdAt: number): TenantRecord => ({
      ...young,
      ...{ name, createdAt, namespace: "" },
    });
    table.put(record("young", 2));
    table.put(record("old", 1));
    table.put(record("young", 2));
    const { host, winner, loser } = table.nextContest() ?? {};
    expect([host, winner?.name, loser?.name]).toEqual(["x.example", "old", "young"]);
    table.contestTold();
    expect(table.nextContest()).toBeUndefined();
    expect(table.ownerOf("x.example")?.name).toBe("old");
    table.remove("old");
    expect(table.ownerOf("x.example")?.name).toBe("young");
  });

  test("takes a change of a plan as one entry, whoever has it", () => {
    const table = new TenantTable();
    table.setPlans(new Map([["/basic", "pooled\tweb:80\tfleet\tX-Kaji-Tenant\tplain"]]));
    expect(encodeEntries(table.take(10))).toBe(
      "/basic\tpooled\tweb:80\tfleet\tX-Kaji-Tenant\tplain\n",
    );
    table.setPlans(new Map([["/basic", "pooled\tweb:80\tfleet\tX-Kaji-Tenant\tplain"]]));
    expect(table.isSettled).toBe(true);
    table.setPlans(new Map());
    expect(encodeEntries(table.take(10))).toBe("/basic\n");
  });
});
