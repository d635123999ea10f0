import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyHistogram, percentile, withSample } from "#api/advice/histogram";
import { advise, advisedResources, nothingObserved, observe } from "#api/advice/recommend";

const HOUR = 3_600_000;

describe("a histogram", () => {
  test("gives what was not exceeded in a part of the samples, to 5 %", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }), (amounts) => {
        let histogram = emptyHistogram(0);
        for (const amount of amounts) histogram = withSample(histogram, amount, 0);
        const sorted = amounts.toSorted((a, b) => a - b);
        for (const part of [0.5, 0.9, 1]) {
          const exact = sorted[Math.ceil(part * sorted.length - 1e-9) - 1] ?? 0;
          expect(percentile(histogram, part)).toBeGreaterThanOrEqual(exact * 0.999);
          expect(percentile(histogram, part)).toBeLessThanOrEqual(exact * 1.0501);
        }
      }),
    );
  });

  test("forgets by halves every day, for as long as it runs", () => {
    let histogram = emptyHistogram(0);
    for (let at = 0; at < 100; at++) histogram = withSample(histogram, 1000, at);
    for (let hour = 1; hour <= 24 * 40; hour++) histogram = withSample(histogram, 100, hour * HOUR);
    expect(percentile(histogram, 0.9999)).toBeLessThan(106);
    expect(Number.isFinite(histogram.total)).toBe(true);
  });
});

describe("advice", () => {
  const seen = (usage: Record<string, string>) => {
    let observed = nothingObserved(0);
    for (let at = 0; at < 20; at++) observed = observe(observed, usage, at * 10_000);
    return advise(observed);
  };

  test("is what was used and 15 %, and never next to nothing", () => {
    expect(advise(nothingObserved(0))).toBeUndefined();
    const target = seen({ cpu: "200m", memory: "100Mi" })?.target;
    expect(target?.cpuMillis).toBeGreaterThanOrEqual(230);
    expect(target?.cpuMillis).toBeLessThanOrEqual(242);
    expect(target?.memoryMebibytes).toBeGreaterThanOrEqual(115);
    expect(seen({ cpu: "0", memory: "0" })?.target).toEqual({ cpuMillis: 10, memoryMebibytes: 16 });
  });

  test("names requests that are missing, too low or more than twice too high", () => {
    const advice = seen({ cpu: "200m", memory: "100Mi" });
    if (!advice) throw new Error("there were samples");
    const changed = (cpu: string | undefined) =>
      advisedResources({ requests: { ...(cpu ? { cpu } : {}), memory: "128Mi" } }, advice);
    expect(Object.keys(changed(undefined)?.requests ?? {})).toEqual(["cpu"]);
    expect(Object.keys(changed("100m")?.requests ?? {})).toEqual(["cpu"]);
    expect(Object.keys(changed("600m")?.requests ?? {})).toEqual(["cpu"]);
    expect(changed("300m")).toBeUndefined();
  });
});
