import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type Situation } from "#control-plane/controllers/request-autoscaler/decide";

const spec: Situation["spec"] = {
  scaleTargetRef: { kind: "Deployment", name: "web" },
  service: "web",
  maxReplicas: 20,
  minReplicas: 0,
  target: { metric: "Concurrency", value: 100, utilizationPercentage: 70 },
  windowSeconds: 60,
  panicWindowSeconds: 6,
  panicThresholdPercentage: 200,
  idleTimeoutSeconds: 60,
};
const HOUR_MS = 3_600_000;

/** One replica that is ready, long known, without a request. */
const idle: Situation = {
  ...{ spec, replicas: 1, ready: 1, stable: 0, panic: 0, waiting: 0, inFlight: 0 },
  ...{ idleMs: 10_000, wanted: [], panicMs: undefined, sinceMs: 0, nowMs: HOUR_MS },
};

interface Case {
  readonly name: string;
  readonly at: Partial<Situation>;
  readonly replicas: number;
  readonly limit?: string;
}

const cases: readonly Case[] = [
  {
    name: "a request waits for what sleeps",
    at: { replicas: 0, ready: 0, waiting: 1 },
    replicas: 1,
  },
  {
    name: "20 first requests are one start",
    at: { replicas: 0, ready: 0, waiting: 20 },
    replicas: 1,
  },
  {
    name: "what 150 that wait will need is started at once",
    at: { replicas: 0, ready: 0, waiting: 150 },
    replicas: 3,
  },
  { name: "nothing waits for what sleeps", at: { replicas: 0, ready: 0, idleMs: 0 }, replicas: 0 },
  { name: "idle, but not for long enough", at: { idleMs: 59_999 }, replicas: 1 },
  { name: "idle for long enough", at: { idleMs: 60_000 }, replicas: 0 },
  {
    name: "five are idle for long enough",
    at: { replicas: 5, ready: 5, idleMs: HOUR_MS },
    replicas: 0,
  },
  { name: "idle, with a request in flight", at: { idleMs: HOUR_MS, inFlight: 1 }, replicas: 1 },
  { name: "idle, with a request that waits", at: { idleMs: HOUR_MS, waiting: 1 }, replicas: 1 },
  {
    name: "idle, after a restart",
    at: { idleMs: HOUR_MS, sinceMs: HOUR_MS - 59_000 },
    replicas: 1,
    limit: "WindowNotSeen",
  },
  {
    name: "idle, and it shall not sleep",
    at: { idleMs: HOUR_MS, spec: { ...spec, minReplicas: 1 } },
    replicas: 1,
  },
  { name: "the load of two and a half", at: { stable: 175, inFlight: 175 }, replicas: 3 },
  { name: "exactly the load of two", at: { stable: 140, inFlight: 140 }, replicas: 2 },
  {
    name: "more than may be",
    at: { stable: 7_000, inFlight: 7_000 },
    replicas: 20,
    limit: "TooManyReplicas",
  },
  {
    name: "a burst: the short window decides",
    at: { stable: 30, panic: 300, inFlight: 300 },
    replicas: 5,
  },
  {
    name: "a busy minute that is no burst",
    at: { replicas: 4, ready: 4, stable: 240, panic: 420, inFlight: 300 },
    replicas: 4,
  },
  {
    name: "after a burst nothing is taken away",
    at: { replicas: 8, ready: 8, stable: 70, panicMs: HOUR_MS - 30_000 },
    replicas: 8,
  },
  {
    name: "a window after the burst",
    at: { replicas: 8, ready: 8, stable: 350, panicMs: HOUR_MS - 60_000 },
    replicas: 5,
  },
  {
    name: "less load, but more was wanted within the window",
    at: { replicas: 8, ready: 8, stable: 70, wanted: [{ replicas: 6, atMs: HOUR_MS - 50_000 }] },
    replicas: 6,
  },
  {
    name: "what was wanted before the window counts no more, and half of them go at once at most",
    at: { replicas: 8, ready: 8, stable: 70, wanted: [{ replicas: 6, atMs: HOUR_MS - 61_000 }] },
    replicas: 4,
  },
  {
    name: "requests per second",
    at: {
      stable: 55,
      spec: {
        ...spec,
        target: { metric: "RequestsPerSecond", value: 10, utilizationPercentage: 100 },
      },
    },
    replicas: 6,
  },
  {
    name: "somebody took it below the least",
    at: { replicas: 0, ready: 0, spec: { ...spec, minReplicas: 2 } },
    replicas: 2,
  },
];

test.each(cases)("$name", ({ at, replicas, limit }) => {
  const decision = decide({ ...idle, ...at });
  expect(decision.replicas).toBe(replicas);
  if (limit !== undefined) expect(decision.limit).toBe(limit);
});

test("it looks again when the idle timeout is over, and not before", () => {
  expect(decide(idle).againMs).toBe(50_000);
  expect(decide({ ...idle, replicas: 0, ready: 0 }).againMs).toBeUndefined();
  expect(decide({ ...idle, spec: { ...spec, minReplicas: 1 } }).againMs).toBeUndefined();
});

const situations = fc.record({
  replicas: fc.nat(30),
  ready: fc.nat(30),
  stable: fc.nat(4000),
  panic: fc.nat(4000),
  waiting: fc.nat(500),
  inFlight: fc.nat(500),
  idleMs: fc.nat(120_000),
  wanted: fc.array(fc.record({ replicas: fc.nat(20), atMs: fc.constant(HOUR_MS - 1_000) })),
  panicMs: fc.option(fc.integer({ min: HOUR_MS - 100_000, max: HOUR_MS }), { nil: undefined }),
  sinceMs: fc.integer({ min: HOUR_MS - 100_000, max: HOUR_MS }),
  spec: fc.nat(3).map((minReplicas) => ({ ...spec, minReplicas })),
});

test("nobody is stopped while a request is in flight or waiting, nor before a window was seen", () => {
  fc.assert(
    fc.property(situations, (some) => {
      const at = { ...idle, ...some };
      const { replicas } = decide(at);
      const isUsed = at.waiting > 0 || (at.inFlight > 0 && at.replicas > 0);
      if (isUsed || (at.idleMs < 60_000 && at.replicas > 0)) expect(replicas).toBeGreaterThan(0);
      if (HOUR_MS - at.sinceMs < 60_000 && at.replicas <= 20)
        expect(replicas).toBeGreaterThanOrEqual(at.replicas);
    }),
  );
});

test("the number stays within its bounds", () => {
  fc.assert(
    fc.property(situations, (some) => {
      const at = { ...idle, ...some };
      const { replicas } = decide(at);
      expect(replicas).toBeLessThanOrEqual(Math.max(20, 0));
      if (at.sinceMs <= HOUR_MS - 60_000)
        expect(replicas).toBeGreaterThanOrEqual(Math.min(at.spec.minReplicas, 20));
    }),
  );
});
