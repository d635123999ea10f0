import fc from "fast-check";
import { expect, test } from "vitest";
import { electionTimes } from "#control-plane/servers/election-times";

test.each([
  ["Kubernetes' own grace", 40_000, { leaseDurationMs: 10_000, renewDeadlineMs: 7_000 }],
  ["that for ten seconds", 6_000, { leaseDurationMs: 5_000, renewDeadlineMs: 3_500 }],
  ["one with a fraction", 7_900, { leaseDurationMs: 6_000, renewDeadlineMs: 4_200 }],
  ["one that is shorter than etcd's own gaps", 2_000, { leaseDurationMs: 4_000 }],
])("the leases of leaders fit %s", (_, graceMs, times) => {
  expect(electionTimes(graceMs)).toMatchObject(times);
});

test("a leader stops before another leads, and has several attempts to renew, whatever the grace", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 7 }), (graceMs) => {
      const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = electionTimes(graceMs);
      expect(leaseDurationMs % 1000).toBe(0);
      expect(renewDeadlineMs).toBeLessThan(leaseDurationMs);
      expect(retryPeriodMs * 5).toBeLessThan(renewDeadlineMs);
    }),
  );
});
