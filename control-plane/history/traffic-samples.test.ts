import { describe, expect, test } from "vitest";
import type { RouteCounts, TrafficCounts } from "#api/history/traffic-counts";
import { answerTo } from "#control-plane/history/answer";
import { parseQuery } from "#control-plane/history/query";
import { createTables } from "#control-plane/history/tables";
import { TrafficSamples } from "#control-plane/history/traffic-samples";

const startMs = 1_800_000_000_000;
const place = {
  host: "shop.example",
  path: "/",
  namespace: "default",
  service: "web",
  ingress: "shop",
};

/** `durations`: requests of up to 5, 10, 25, ... ms. */
const counts = (durations: readonly number[], given: Partial<RouteCounts> = {}): TrafficCounts => {
  const requests = durations.reduce((sum, count) => sum + count, 0);
  const route = { ...place, requests, clientErrors: 0, serverErrors: 0, buckets: durations };
  return {
    teller: "ingress-1",
    windowMs: 10_000,
    routes: [{ ...route, ...given }],
    pods: [{ namespace: "default", pod: "web-7d9f-x1", requests, errors: 0 }],
  };
};

function rig() {
  const tables = createTables();
  const samples = new TrafficSamples(tables);
  const flush = (atMs: number): void => samples.flush(() => "web-7d9f", atMs);
  const read = (query: string, nowMs: number) =>
    answerTo(tables, parseQuery(new URLSearchParams(query)), nowMs).series;
  return { samples, flush, read };
}

describe("requests that ingresses tell", () => {
  test("are rates per second, with their percentiles", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([98, 0, 0, 0, 2], { serverErrors: 2 }));
    flush(startMs);
    const [series] = read("of=requests&range=10s", startMs);
    expect(series).toMatchObject({
      labels: place,
      values: { requests: [10], clientErrors: [0], serverErrors: [0.2] },
    });
    expect(series?.values.p50?.[0]).toBeLessThanOrEqual(5);
    expect(series?.values.p99?.[0]).toBeGreaterThan(50);
  });

  test("of several ingresses are added up", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([10]));
    samples.tell({ ...counts([30]), teller: "ingress-2" });
    flush(startMs);
    expect(read("of=requests&range=10s", startMs)[0]?.values.requests).toEqual([4]);
  });

  test("of an ingress that told twice, as after its connection broke, are as many as there were", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([10]));
    samples.tell(counts([30]));
    flush(startMs);
    expect(read("of=requests&range=10s", startMs)[0]?.values.requests).toEqual([2]);
    const [version] = read("of=versions&namespace=default&name=web&range=10s", startMs);
    expect(version?.values.requests).toEqual([2]);
  });

  test("count once where the ingress did not hear the answer, and tells them again with what came since", () => {
    for (const isMeasuredBetween of [false, true]) {
      const { samples, flush, read } = rig();
      samples.tell({ ...counts([10]), told: 4 });
      if (isMeasuredBetween) flush(startMs - 10_000);
      samples.tell({ ...counts([30]), windowMs: 20_000, told: 4 });
      flush(startMs);
      const requests = read("of=requests&range=20s", startMs)[0]?.values.requests;
      expect(requests).toEqual(isMeasuredBetween ? [1, 2] : [null, 1.5]);
      samples.tell({ ...counts([70]), told: 5 });
      flush(startMs + 10_000);
      expect(read("of=requests&range=10s", startMs + 10_000)[0]?.values.requests).toEqual([7]);
    }
  });

  test("end at zero, and not in a gap, when an ingress tells of no more", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([10]));
    flush(startMs);
    samples.tell({ teller: "ingress-1", windowMs: 10_000, routes: [], pods: [] });
    flush(startMs + 10_000);
    const [series] = read("of=requests&range=20s", startMs + 10_000);
    expect(series?.values.requests).toEqual([1, 0]);
    expect(series?.values.p50?.[1]).toBeNull();
  });

  test("are not known while no ingress tells anything", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([10]));
    flush(startMs);
    flush(startMs + 10_000);
    expect(read("of=requests&range=20s", startMs + 10_000)[0]?.values.requests).toEqual([1, null]);
  });

  test("have the percentiles of two minutes from all requests in them", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([1]));
    flush(startMs);
    samples.tell(counts([0, 0, 0, 0, 0, 0, 0, 0, 99]));
    flush(startMs + 10_000);
    const [series] = read("of=requests&range=6h", startMs + 10_000);
    expect(series?.values.p50?.at(-1)).toBeGreaterThan(1000);
    expect(series?.values.requests?.at(-1)).toBeCloseTo(5);
  });

  test("are of their pods too", () => {
    const { samples, flush, read } = rig();
    samples.tell(counts([10]));
    flush(startMs);
    const [version] = read("of=versions&namespace=default&name=web&range=10s", startMs);
    expect(version).toMatchObject({ labels: { version: "web-7d9f" }, values: { requests: [1] } });
  });
});
