import { describe, expect, test } from "vitest";
import { Counted, readingOf } from "#ingress/history/counted";

const line = (amount: number, ...parts: string[]): string => `${parts.join("\u0001")} ${amount}`;
const place = ["shop.example", "/", "default/web:80", "default/shop"];
const reading = (atMs: number, ...lines: string[]) => readingOf(lines.join("\n"), atMs);

describe("what nginx counted between two readings", () => {
  test("is not known from the first alone", () => {
    const counted = new Counted();
    expect(counted.since(reading(0, line(7, "requests", ...place, "a/b", "200")))).toBeUndefined();
  });

  test("is told by host and path, by status, by duration and by pod", () => {
    const counted = new Counted();
    counted.markTold(reading(0, line(100, "requests", ...place, "default/web-1", "200")));
    const next = reading(
      10_000,
      line(107, "requests", ...place, "default/web-1", "200"),
      line(2, "requests", ...place, "default/web-1", "503"),
      line(1, "requests", ...place, "", "404"),
      line(9, "bucket", ...place, "0.01"),
      line(1, "bucket", ...place, "+Inf"),
      line(3, "connections", "active"),
    );
    const route = { host: "shop.example", path: "/", namespace: "default", service: "web" };
    expect(counted.since(next)).toEqual({
      told: 1,
      windowMs: 10_000,
      routes: [
        {
          ...{ ...route, ingress: "shop", requests: 10, clientErrors: 1, serverErrors: 2 },
          buckets: [0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        },
      ],
      pods: [{ namespace: "default", pod: "web-1", requests: 9, errors: 2 }],
    });
  });

  test("is all there is after nginx was started anew", () => {
    const counted = new Counted();
    counted.markTold(reading(0, line(100, "requests", ...place, "", "200")));
    const told = counted.since(reading(5_000, line(4, "requests", ...place, "", "200")));
    expect(told?.routes[0]?.requests).toBe(4);
  });

  test("goes on from what was told last, where a server could not be told", () => {
    const counted = new Counted();
    counted.markTold(reading(0, line(1, "requests", ...place, "", "200")));
    const unheard = counted.since(reading(10_000, line(5, "requests", ...place, "", "200")));
    const told = counted.since(reading(20_000, line(9, "requests", ...place, "", "200")));
    expect([told?.windowMs, told?.routes[0]?.requests]).toEqual([20_000, 8]);
    // So that a server which did count the first does not count it twice.
    expect(told?.told).toBe(unheard?.told);
  });

  test("is of a path's beginning, where a user gave one that no server would take", () => {
    const counted = new Counted();
    const path = `/${"x".repeat(5_000)}`;
    const long = (end: string) => ["requests", "shop.example", path + end, ...place.slice(2)];
    counted.markTold(reading(0));
    const told = counted.since(reading(1_000, line(1, ...long("a")), line(2, ...long("b"))));
    expect(told?.routes).toMatchObject([{ path: path.slice(0, 512), requests: 3 }]);
  });

  test("is not known after the clock was set back, and is known again from then on", () => {
    const counted = new Counted();
    counted.markTold(reading(3_600_000, line(1, "requests", ...place, "", "200")));
    const next = reading(0, line(5, "requests", ...place, "", "200"));
    expect(counted.since(next)).toBeUndefined();
    counted.markTold(next);
    const told = counted.since(reading(10_000, line(9, "requests", ...place, "", "200")));
    expect(told?.routes[0]?.requests).toBe(4);
  });

  test("is nothing where nobody asked", () => {
    const counted = new Counted();
    const same = line(100, "requests", ...place, "", "200");
    counted.markTold(reading(0, same));
    expect(counted.since(reading(10_000, same))).toMatchObject({ routes: [], pods: [] });
  });
});
