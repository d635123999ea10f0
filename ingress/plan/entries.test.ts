import fc from "fast-check";
import { expect, test } from "vitest";
import {
  changesBetween,
  encodeChanges,
  entriesOf,
  type Entries,
  type EntryChange,
  noEntries,
} from "#ingress/plan/entries";
import { planIngress } from "#ingress/plan/plan";
import {
  annotated,
  clusterView,
  hostTo,
  ingressOf,
  pathTo,
  secretOf,
} from "#test/support/ingress-objects";

const map = fc
  .dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 12 }))
  .map((record) => new Map(Object.entries(record)));
const entries: fc.Arbitrary<Entries> = fc.record({ routes: map, backends: map, certificates: map });

function applied(from: Entries, changes: readonly EntryChange[]): Entries {
  const next = {
    routes: new Map(from.routes),
    backends: new Map(from.backends),
    certificates: new Map(from.certificates),
  };
  for (const change of changes) {
    if (change.type === "set") next[change.dictionary].set(change.key, change.value);
    else next[change.dictionary].delete(change.key);
  }
  return next;
}

const sorted = ({ routes, backends, certificates }: Entries): unknown =>
  [routes, backends, certificates].map((one) => [...one].sort(([a], [b]) => (a < b ? -1 : 1)));

test("the changes between two states lead from one to the other", () => {
  fc.assert(
    fc.property(entries, entries, (from, to) => {
      expect(sorted(applied(from, changesBetween(from, to)))).toEqual(sorted(to));
    }),
  );
});

test("between equal states nothing changes", () => {
  fc.assert(
    fc.property(entries, (same) => {
      expect(changesBetween(same, same)).toEqual([]);
    }),
  );
});

test("a backend is set before a route that may name it", () => {
  const to: Entries = {
    ...noEntries,
    routes: new Map([["h", "r"]]),
    backends: new Map([["b", "a"]]),
  };
  expect(changesBetween(noEntries, to).map(({ dictionary }) => dictionary)).toEqual([
    "backends",
    "routes",
  ]);
});

test("lengths on the wire are bytes, not characters", () => {
  const change: EntryChange = { type: "set", dictionary: "routes", key: "ü", value: "日本" };
  expect(encodeChanges([change]).toString()).toBe("set routes 2 6\nü日本");
});

test("a host whose Ingresses are longer than a host may be is closed, and the others keep their room", () => {
  const plan = (users: string) =>
    planIngress(
      clusterView({
        ingresses: [
          ingressOf(
            "shop",
            hostTo("shop.example", [pathTo("web")]),
            annotated({ "auth-type": "basic", "auth-secret": "users" }),
          ),
          ingressOf("other", hostTo("other.example", [pathTo("web")])),
        ],
        secrets: [secretOf("users", { auth: users })],
      }),
    );
  const short = plan("alice:{PLAIN}secret");
  expect(entriesOf(short).routes.get("shop.example")).toContain("auth-users=alice");
  const [route] = short.hosts.get("shop.example")?.routes ?? [];
  const policy = new Map([["auth-users", "x".repeat(2 ** 20)]]);
  const routes = route ? [{ ...route, policy }] : [];
  const long = entriesOf({
    ...short,
    hosts: new Map([...short.hosts, ["shop.example", { routes }]]),
  });
  expect(long.routes.get("shop.example")).toMatch(/closed=the Ingresses of this host come to more/);
  expect(long.routes.get("other.example")).toBe(entriesOf(short).routes.get("other.example"));
});
