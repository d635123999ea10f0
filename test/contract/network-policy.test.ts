import { array, assert, constantFrom, integer, option, property, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Namespace, NetworkPolicy, NetworkPolicyPeer, Pod } from "#api/schema/types";
import { withPolicies } from "#node-agent/network/policy/render";
import type { Ruleset } from "#node-agent/network/services/ruleset";
import type { PolicyState } from "#node-agent/session/policy-picture";
import { PolicyBench, policyOf } from "#test/support/network-policies";
import { isAllowed, type PolicyWorld } from "#test/support/network-policy-reference";
import { runChain } from "#test/support/nft-interpreter";

const NODES = ["n1", "n2"];
const labels = record({ app: constantFrom("web", "db"), tier: constantFrom("a", "b") });
const someLabels = labels.chain(({ app, tier }) =>
  constantFrom<Record<string, string>>({ app }, { tier }, { app, tier }),
);
const selector = constantFrom("all", "labels", "in", "exists", "not").chain((form) =>
  someLabels.map((matchLabels) => {
    if (form === "all") return {};
    if (form === "labels") return { matchLabels };
    if (form === "in")
      return { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] };
    if (form === "exists") return { matchExpressions: [{ key: "extra", operator: "Exists" }] };
    return { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["a"] }] };
  }),
);
const peer = constantFrom("pods", "namespaces", "both", "block").chain((form) =>
  tuple(selector, selector, constantFrom("10.0.0.0/8", "192.0.2.0/24", "10.242.0.0/28")).map(
    ([podSelector, namespaceSelector, cidr]): NetworkPolicyPeer => {
      if (form === "pods") return { podSelector };
      if (form === "namespaces") return { namespaceSelector };
      if (form === "both") return { podSelector, namespaceSelector };
      return { ipBlock: cidr === "10.0.0.0/8" ? { cidr, except: ["10.242.0.4/30"] } : { cidr } };
    },
  ),
);
const port = constantFrom(
  {},
  { protocol: "UDP" },
  { port: 80 },
  { port: 80, endPort: 90 },
  { port: 85, endPort: 8080 },
  { port: "http" },
  { port: "dns", protocol: "UDP" },
  { port: 53, protocol: "UDP" },
);
const rule = record({
  peers: option(array(peer, { maxLength: 2 }), { nil: undefined }),
  ports: option(array(port, { maxLength: 3 }), { nil: undefined }),
});
const rules = option(array(rule, { maxLength: 2 }), { nil: undefined });
const policy = (index: number) =>
  record({
    namespace: constantFrom("blue", "green"),
    podSelector: selector,
    policyTypes: constantFrom<string[] | undefined>(
      undefined,
      ["Ingress"],
      ["Egress"],
      ["Ingress", "Egress"],
    ),
    ingress: rules,
    egress: rules,
  }).map(
    ({ namespace, podSelector, policyTypes, ingress, egress }): NetworkPolicy =>
      policyOf(namespace, `p${index}`, {
        podSelector,
        policyTypes,
        ingress: ingress?.map(({ peers, ports }) => structuredClone({ from: peers, ports })),
        egress: egress?.map(({ peers, ports }) => structuredClone({ to: peers, ports })),
      }),
  );
const namespace = (name: string) =>
  labels.map(
    (found): Namespace => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { ...found, "kubernetes.io/metadata.name": name } },
      spec: {},
    }),
  );
const pod = (index: number) =>
  record({
    namespace: constantFrom("blue", "green"),
    labels,
    nodeName: constantFrom(...NODES),
    http: constantFrom(80, 8080),
  }).map((sketch): Pod => podOf(index, sketch));

interface PodSketch {
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly nodeName: string;
  readonly http: number;
}

function podOf(index: number, { namespace: home, labels: found, nodeName, http }: PodSketch): Pod {
  const ports = [
    { name: "http", containerPort: http, protocol: "TCP" },
    { name: "dns", containerPort: 53, protocol: "UDP" },
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `pod-${index}`,
      namespace: home,
      uid: `uid-${index}-${home}-${nodeName}-${http}`,
      labels: found,
    },
    spec: { nodeName, containers: [{ name: "main", image: "web", ports }] },
    status: { phase: "Running", podIP: `10.242.0.${index + 2}` },
  };
}

const world = tuple(
  tuple(namespace("blue"), namespace("green")),
  tuple(pod(0), pod(1), pod(2), pod(3)),
  integer({ min: 0, max: 4 }).chain((count) =>
    tuple(...Array.from({ length: count }, (_, index) => policy(index))),
  ),
).map(([namespaces, pods, policies]): PolicyWorld => ({ namespaces, pods, policies }));

const empty: Ruleset = {
  table: "kaji",
  maps: new Map(),
  fixedChains: new Map(),
  elements: new Map(),
  learnedSets: new Map(),
  chains: new Map(),
};

/** The node's rules for its pods, whose addresses it gave itself. */
function rulesOf(state: PolicyState, { pods }: PolicyWorld, nodeName: string): Ruleset {
  const own = pods.filter(({ spec }) => spec.nodeName === nodeName);
  const addresses = new Map(own.map(({ metadata, status }) => [metadata.uid, status?.podIP]));
  return withPolicies(empty, "kaji0", state, (uid) => addresses.get(uid));
}

/** A connection is allowed when the rules of both ends' nodes let its first packet through. */
function isLetThrough(
  tables: ReadonlyMap<string, Ruleset>,
  { pods }: PolicyWorld,
  connection: { from: string; to: string; protocol: string; port: number },
): boolean {
  const nodeOf = (ip: string) => pods.find(({ status }) => status?.podIP === ip)?.spec.nodeName;
  const [sending, receiving] = [nodeOf(connection.from), nodeOf(connection.to)];
  return NODES.every((nodeName) => {
    if (nodeName !== sending && nodeName !== receiving) return true;
    const packet = {
      ...connection,
      iif: nodeName === sending ? "kaji0" : "eth0",
      oif: nodeName === receiving ? "kaji0" : "eth0",
    };
    const table = tables.get(nodeName) as Ruleset;
    return ["policy-out", "policy-in"].every((hook) => runChain(table, hook, packet) !== "drop");
  });
}

const OUTSIDE = ["192.0.2.9", "10.9.9.9"];
const PROBES = [
  ["tcp", 80],
  ["tcp", 8080],
  ["tcp", 443],
  ["udp", 53],
] as const;

function expectAlike(tables: ReadonlyMap<string, Ruleset>, now: PolicyWorld): void {
  const addresses = [...now.pods.map(({ status }) => status?.podIP ?? ""), ...OUTSIDE];
  for (const from of addresses) {
    for (const to of addresses) {
      for (const [protocol, number] of PROBES) {
        const connection = { from, to, protocol, port: number };
        expect(isLetThrough(tables, now, connection), JSON.stringify(connection)).toBe(
          isAllowed(now, connection),
        );
      }
    }
  }
}

describe("what the rules of the nodes let through", () => {
  test("is what the policies say, of every connection, whatever the policies were before", () => {
    assert(
      property(array(world, { minLength: 1, maxLength: 3 }), (history) => {
        const benches = new Map(NODES.map((name) => [name, new PolicyBench(name)]));
        for (const now of history) {
          const tables = new Map<string, Ruleset>();
          for (const [name, bench] of benches) {
            bench.become(now);
            tables.set(name, rulesOf(bench.tell(), now, name));
          }
          expectAlike(tables, now);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("is told to a node only as far as it concerns pods of its own", () => {
    assert(
      property(world, (now) => {
        for (const name of NODES) {
          const bench = new PolicyBench(name);
          bench.become(now);
          const { policies, groups } = bench.tell();
          const named = new Set<string>();
          for (const { pods = [], ingress, egress } of policies.values()) {
            expect(pods).not.toEqual([]);
            for (const { uid } of pods ?? []) {
              const found = now.pods.find(({ metadata }) => metadata.uid === uid);
              expect(found?.spec.nodeName).toBe(name);
            }
            for (const one of [...(ingress ?? []), ...(egress ?? [])]) {
              for (const id of [...(one.peerGroups ?? []), ...(one.destinationGroups ?? [])]) {
                named.add(id);
              }
            }
          }
          expect([...groups.keys()].toSorted()).toEqual([...named].toSorted());
        }
      }),
    );
  });
});

describe("what a change costs", () => {
  const pods = Array.from({ length: 200 }, (_, index) =>
    podOf(index, { namespace: "blue", labels: { app: "web" }, nodeName: "n2", http: 80 }),
  );
  const own = podOf(250, { namespace: "blue", labels: { app: "db" }, nodeName: "n1", http: 80 });
  const from = [{ podSelector: { matchLabels: { app: "web" } } }];
  const start: PolicyWorld = {
    namespaces: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "blue" }, spec: {} }],
    policies: [
      policyOf("blue", "db", { podSelector: { matchLabels: { app: "db" } }, ingress: [{ from }] }),
    ],
    pods: [...pods, own],
  };

  test("a pod among two hundred peers is told by its address alone", () => {
    const bench = new PolicyBench("n1");
    bench.become(start);
    bench.tell();
    const before = bench.bytesTold;
    bench.become({ ...start, pods: [...pods.slice(1), own] });
    expect([...bench.tell().groups.values()][0]?.members.size).toBe(199);
    expect(bench.bytesTold - before).toBeLessThan(60);
  });

  test("a node that needs a group no longer forgets it, and gets it whole when it needs it again", () => {
    const bench = new PolicyBench("n1");
    bench.become(start);
    expect(bench.tell().groups.size).toBe(1);
    bench.become({ ...start, pods });
    expect(bench.tell().groups.size).toBe(0);
    bench.become(start);
    expect([...bench.tell().groups.values()][0]?.members.size).toBe(200);
  });

  test("a node that no pod names any more is forgotten, and told rightly when one does again", () => {
    const bench = new PolicyBench("n1");
    for (let index = 0; index < 50; index++) {
      const lost = { ...own, spec: { ...own.spec, nodeName: `never-${index}` } };
      bench.become({ ...start, pods: [lost] });
    }
    expect(bench.tables.rememberedNodes).toBe(1);
    bench.become(start);
    const names = [...bench.tell().policies.keys()];
    expect(names).toHaveLength(1);
    bench.become({ ...start, pods: [] });
    expect(bench.tables.rememberedNodes).toBe(0);
    expect(bench.tell().policies.size).toBe(0);
    bench.become(start);
    expect([...bench.tell().policies.keys()]).toEqual(names);
  });

  test("a policy that comes with its pod is told before anybody knows the pod's address", () => {
    const bench = new PolicyBench("n1");
    const { status: _none, ...young } = own;
    bench.become({ ...start, pods: [young as Pod] });
    expect([...bench.tell().policies.values()][0]?.pods).toMatchObject([{ uid: own.metadata.uid }]);
  });
});

test("names that are unique stay so when they are too long for the kernel", () => {
  const [one, other] = ["x", "y"].map((end) => `${"a".repeat(240)}${end}`);
  const pods = [podOf(0, { namespace: "blue", labels: { app: "db" }, nodeName: "n1", http: 80 })];
  const bench = new PolicyBench("n1");
  const ingress = [{ ports: [{ port: "http" }] }];
  bench.become({
    namespaces: [],
    pods,
    policies: [one, other].map((name) =>
      policyOf("blue", name ?? "", { podSelector: {}, ingress }),
    ),
  });
  const names = [
    ...rulesOf(bench.tell(), { namespaces: [], pods, policies: [] }, "n1").chains.keys(),
  ];
  expect(names).toHaveLength(3);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThan(200);
});
