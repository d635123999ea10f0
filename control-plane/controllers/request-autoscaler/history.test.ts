import { expect, test } from "vitest";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import {
  absorb,
  type History,
  meanConcurrency,
  meanRate,
} from "#control-plane/controllers/request-autoscaler/history";

const WINDOW_MS = 60_000;
let revision = 0;

function report(status: TrafficReport["status"], ingress = "a"): TrafficReport {
  revision += 1;
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "TrafficReport",
    metadata: { name: `web.${ingress}`, resourceVersion: String(revision) },
    spec: { service: "web", ingress },
    status: { epoch: "1", requests: 0, waiting: 0, inFlight: 0, concurrency: 0, ...status },
  };
}

function seen(known: History | undefined, nowMs: number, ...reports: TrafficReport[]): History {
  return absorb(known, reports, { nowMs, windowMs: WINDOW_MS });
}

test("a load counts for as long as it lasted, in the part of the window that was seen", () => {
  const first = seen(undefined, 0, report({}));
  const second = seen(first, 10_000, report({ concurrency: 6, windowMs: 5_000 }));
  expect(meanConcurrency(second, WINDOW_MS, 10_000)).toBe(3);
  expect(meanConcurrency(second, WINDOW_MS, 60_000)).toBe(0.5);
  expect(meanConcurrency(second, WINDOW_MS, 67_500)).toBe(0.25);
  expect(meanConcurrency(second, WINDOW_MS, 70_000)).toBe(0);
  expect(meanConcurrency(second, 5_000, 10_000)).toBe(6);
});

test("what was going on at the last report goes on, what was not does not", () => {
  const busy = seen(undefined, 0, report({ inFlight: 3, waiting: 1 }));
  expect(meanConcurrency(busy, WINDOW_MS, 0)).toBe(4);
  expect(meanConcurrency(busy, WINDOW_MS, 20_000)).toBe(4);
  const quiet = seen(busy, 20_000, report({ inFlight: 0, concurrency: 4, windowMs: 20_000 }));
  expect(meanConcurrency(quiet, WINDOW_MS, 40_000)).toBe(2);
});

test("ingresses are added up", () => {
  const both = seen(undefined, 0, report({ inFlight: 3 }), report({ inFlight: 2 }, "b"));
  expect(meanConcurrency(both, WINDOW_MS, 1_000)).toBe(5);
  const less = seen(both, 1_000, report({ inFlight: 3, windowMs: 1_000, concurrency: 3 }));
  expect([...less.sources.keys()]).toEqual(["web.a"]);
});

test("requests are counted by what they grew, anew in a new epoch, and not from before", () => {
  const first = seen(undefined, 0, report({ requests: 1_000 }));
  expect(meanRate(first, WINDOW_MS, 10_000)).toBe(0);
  const second = seen(first, 10_000, report({ requests: 1_050, windowMs: 10_000 }));
  expect(meanRate(second, WINDOW_MS, 10_000)).toBe(5);
  const third = seen(second, 20_000, report({ epoch: "2", requests: 30, windowMs: 10_000 }));
  expect(meanRate(third, WINDOW_MS, 20_000)).toBe(4);
});

test("the last request is when a report showed one, or what an old report says", () => {
  const old = seen(undefined, 90_000, report({ lastRequestTime: "1970-01-01T00:00:30Z" }));
  expect(old.sources.get("web.a")?.lastRequestMs).toBe(30_000);
  const ahead = seen(undefined, 90_000, report({ lastRequestTime: "1970-01-01T01:00:00Z" }));
  expect(ahead.sources.get("web.a")?.lastRequestMs).toBe(90_000);
  const busy = seen(old, 95_000, report({ requests: 1 }));
  expect(busy.sources.get("web.a")?.lastRequestMs).toBe(95_000);
});

test("a report that was seen already changes nothing, and memory stays small", () => {
  const same = report({ concurrency: 2, windowMs: 100 });
  let known = seen(undefined, 0, same);
  expect(seen(known, 5_000, same).sources.get("web.a")).toBe(known.sources.get("web.a"));
  for (let ms = 100; ms < 300_000; ms += 100) {
    known = seen(known, ms, report({ concurrency: 2, windowMs: 100, inFlight: 2 }));
  }
  expect(meanConcurrency(known, WINDOW_MS, 300_000)).toBeCloseTo(2, 1);
  expect(known.sources.get("web.a")?.samples.length).toBeLessThanOrEqual(480);
});
