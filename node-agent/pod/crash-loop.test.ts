import { describe, expect, test } from "vitest";
import { goDuration, restartTime } from "#node-agent/pod/crash-loop";
import { exited, noonMs } from "#test/support/pod-views";

describe("crash-loop back-off", () => {
  test("doubles from ten seconds to five minutes, the first restart being free", () => {
    const delays: number[] = [];
    let backoffMs = 0;
    for (let restart = 0; restart < 9; restart++) {
      const next = restartTime(exited({ backoffMs, finishedAtMs: noonMs }));
      delays.push((next.atMs - noonMs) / 1000);
      backoffMs = next.nextBackoffMs;
    }
    expect(delays).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  test.each([
    [10_000, "10s"],
    [80_000, "1m20s"],
    [300_000, "5m0s"],
    [3_660_000, "1h1m0s"],
  ])("%d ms reads %s", (durationMs, text) => {
    expect(goDuration(durationMs)).toBe(text);
  });
});
