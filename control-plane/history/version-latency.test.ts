import { expect, test } from "vitest";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import { answerTo } from "#control-plane/history/answer";
import { parseQuery } from "#control-plane/history/query";
import { createTables } from "#control-plane/history/tables";
import { VersionLatency } from "#control-plane/history/version-latency";

const startMs = 1_800_000_000_000;
const bounds = [10, 100, 1000];

const report = (
  ingress: string,
  versions: Record<string, readonly number[]>,
  epoch = "1",
): TrafficReport => ({
  ...{ apiVersion: "kaji.dev/v1alpha1", kind: "TrafficReport" },
  metadata: { name: `web.${ingress}`, namespace: "default" },
  spec: { service: "web", ingress },
  status: {
    epoch,
    latencyBoundsMs: bounds,
    versions: Object.entries(versions).map(([name, counts]) => ({
      ...{ name, latencyBuckets: [...counts] },
    })),
  },
});

function rig() {
  const tables = createTables();
  const latency = new VersionLatency(tables);
  const query = parseQuery(new URLSearchParams("of=versions&namespace=default&name=web&range=10s"));
  const read = (nowMs: number) =>
    Object.fromEntries(
      answerTo(tables, query, nowMs).series.map(({ labels, values }) => [
        labels.version,
        values.p99?.[0],
      ]),
    );
  return { latency, read };
}

test("a version's latency is that of the requests since the last look, of all ingresses", () => {
  const { latency, read } = rig();
  latency.flush([report("a", { "web-1": [500, 0, 0, 0] }), report("b", {})], startMs);
  expect(read(startMs)).toEqual({});
  const reports = [
    report("a", { "web-1": [600, 0, 0, 0], "web-2": [0, 0, 0, 0] }),
    report("b", { "web-1": [0, 0, 0, 0] }),
  ];
  latency.flush(reports, startMs + 10_000);
  expect(read(startMs + 10_000)["web-1"]).toBeLessThanOrEqual(10);
  const slower = [
    report("a", { "web-1": [700, 0, 0, 0], "web-2": [0, 0, 50, 0] }),
    report("b", { "web-1": [0, 0, 100, 0] }),
  ];
  latency.flush(slower, startMs + 20_000);
  const { "web-1": old = 0, "web-2": fresh = 0 } = read(startMs + 20_000);
  expect([Number(old) > 500, Number(fresh) > 500]).toEqual([true, true]);
});

test("counts that began anew are looked at from there on", () => {
  const { latency, read } = rig();
  latency.flush([report("a", { "web-1": [500, 0, 0, 0] })], startMs);
  latency.flush([report("a", { "web-1": [0, 0, 900, 0] }, "2")], startMs + 10_000);
  expect(read(startMs + 10_000)).toEqual({});
  latency.flush([report("a", { "web-1": [100, 0, 900, 0] }, "2")], startMs + 20_000);
  expect(read(startMs + 20_000)["web-1"]).toBeLessThanOrEqual(10);
});
