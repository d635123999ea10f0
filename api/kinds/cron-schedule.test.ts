import { describe, expect, test } from "vitest";
import { isTimeZone, parseSchedule } from "#api/kinds/cron-schedule";

const from = Date.parse("2026-03-28T10:07:30Z");

function next(text: string, timeZone?: string, fromMs = from): string | undefined {
  const ms = parseSchedule(text, timeZone).nextMs(fromMs);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

describe("a schedule", () => {
  test.each([
    ["*/5 * * * *", "2026-03-28T10:10:00.000Z"],
    ["7/15 * * * *", "2026-03-28T10:22:00.000Z"],
    ["0 9-17/4 * * ?", "2026-03-28T13:00:00.000Z"],
    ["30 4 1 JAN *", "2027-01-01T04:30:00.000Z"],
    ["0 0 * * mon-fri", "2026-03-30T00:00:00.000Z"],
    ["0 0 13 * FRI", "2026-04-03T00:00:00.000Z"],
    ["@hourly", "2026-03-28T11:00:00.000Z"],
    ["@weekly", "2026-03-29T00:00:00.000Z"],
    ["@every 1h30m", "2026-03-28T11:37:30.000Z"],
  ])("%s", (text, expected) => {
    expect(next(text)).toBe(expected);
  });

  test("follows its time zone, also when the clocks change", () => {
    expect(next("0 9 * * *", "Europe/Berlin")).toBe("2026-03-29T07:00:00.000Z");
    expect(next("0 9 * * *", "Asia/Tokyo")).toBe("2026-03-29T00:00:00.000Z");
  });

  test("that can never come has no next time", () => {
    expect(next("0 0 31 2 *")).toBeUndefined();
  });

  test.each([
    ["* * *", "expected exactly 5 fields, found 3: [* * *]"],
    ["@sometimes", "unrecognized descriptor: @sometimes"],
    ["61 * * * *", "Invalid value for minute"],
    ["0 0 L * *", "failed to parse"],
    ["0 0 * * 5#2", "failed to parse"],
    ["a b c d e", "configuration entry"],
  ])("refuses %s", (text, message) => {
    expect(() => parseSchedule(text)).toThrow(message);
  });

  test("knows the zones of the IANA database", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
  });
});
