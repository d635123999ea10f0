import { expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { listingTable } from "#cli/output";
import { nodeColumns, nodeOrders, nodeRows } from "#cli/top/node-rows";
import { podColumns, podOrders, podRows } from "#cli/top/pod-rows";
import { sorted } from "#cli/top/sort-by";

const node = (name: string): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  spec: {},
  status: { allocatable: { cpu: "2", memory: "4G", pods: "110" } },
});

const pod = (name: string, cpu: string, nodeName = "n1"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop" },
  spec: {
    nodeName,
    containers: [
      { name: "main", image: "", resources: { requests: { cpu, memory: "100M" } } },
      { name: "side", image: "" },
    ],
  },
  status: { phase: "Running" },
});

const by = (what: string) => ({ flag: () => what });

test("nodes: what is used, asked for and allowed, and a dash for what nobody measures", () => {
  const use = { metadata: { name: "n1" }, usage: { cpu: "500m", memory: "1G" } };
  const rows = nodeRows([node("n1"), node("n2")], [pod("a", "1")], [use]);
  expect(listingTable({ rows, columns: nodeColumns }, false).split("\n")).toEqual([
    "NODE   CPU USED     REQUESTS      LIMITS    MEMORY USED    REQUESTS      LIMITS     PODS",
    "n1     500m (25%)   1000m (50%)   0m (0%)   1.0 GB (25%)   100 MB (3%)   0 B (0%)   1/110",
    "n2     -            0m (0%)       0m (0%)   -              0 B (0%)      0 B (0%)   0/110",
  ]);
});

test("nodes are sorted by what is asked, the fullest first, and by name where they are equal", () => {
  const rows = nodeRows([node("b"), node("a"), node("full")], [pod("p", "1", "full")], []);
  const names = sorted(by("requests"), rows, nodeOrders).map(({ name }) => name);
  expect(names).toEqual(["full", "a", "b"]);
  expect(() => sorted(by("constructor"), rows, nodeOrders)).toThrow(/is not known here: use name/);
});

const uses = [
  {
    metadata: { name: "small", namespace: "shop" },
    containers: [
      { name: "main", usage: { cpu: "50m", memory: "10M" } },
      { name: "side", usage: { cpu: "10m", memory: "1M" } },
    ],
  },
  {
    metadata: { name: "big", namespace: "shop" },
    containers: [{ name: "main", usage: { cpu: "900m", memory: "5M" } }],
  },
];

test("pods: the sum of their containers against their requests, the largest first", () => {
  const rows = podRows([pod("small", "100m"), pod("big", "1")], uses, false);
  const ordered = sorted(by("cpu"), rows, podOrders);
  expect(ordered.map(({ name, used }) => [name, used?.cpuMillis])).toEqual([
    ["big", 900],
    ["small", 60],
  ]);
  expect(sorted(by("memory"), rows, podOrders).map(({ name }) => name)).toEqual(["small", "big"]);
  const columns = podColumns({ showsNamespace: false, byContainer: false });
  expect(listingTable({ rows: ordered, columns }, false)).toContain("900m (90%)");
});

test("pods by container: a row each, also of those that are not measured", () => {
  const rows = podRows([pod("big", "1")], uses, true);
  expect(rows.map(({ container, used }) => [container, used?.cpuMillis])).toEqual([
    ["main", 900],
    ["side", undefined],
  ]);
});

test("pods that have ended use nothing and are not shown", () => {
  const ended = { ...pod("done", "1"), status: { phase: "Succeeded" } };
  expect(podRows([ended], [], false)).toEqual([]);
});
