import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  bytes,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  milliCpu,
  parseQuantity,
  quantityToMillis,
  quantityToNumber,
} from "#api/machinery/quantity";

describe("a quantity", () => {
  test.each([
    ["1Gi", "1Gi"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1.5", "1500m"],
    ["1000", "1k"],
    ["1e3", "1e3"],
    ["1E3", "1e3"],
    ["1000e-3", "1"],
    ["100Ki", "100Ki"],
    ["0.5Ki", "512"],
    ["0Gi", "0"],
    ["-1.5", "-1500m"],
    ["1E", "1E"],
    [".5", "500m"],
    ["5.", "5"],
    ["+5", "5"],
    ["0.0000000001", "1n"],
    ["100u", "100u"],
    ["99999999999999999999", "9223372036854775807"],
    [2, "2"],
  ])("%s is written %s", (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  test.each([
    ["", "quantities must match"],
    ["one", "quantities must match"],
    ["1 Gi", "quantities must match"],
    ["1.2.3", "unable to parse numeric part of quantity"],
    ["1gi", "quantities must match"],
    ["1EE", "unable to parse quantity's suffix"],
    ["1e", "unable to parse quantity's suffix"],
  ])("%j is refused", (text, message) => {
    expect(() => parseQuantity(text)).toThrow(message);
  });

  test("an exponent of any length costs nothing", () => {
    expect(canonicalQuantity("1e9999")).toBe("9223372036854775807");
    expect(canonicalQuantity("1e-9999")).toBe("1e-9");
  });

  test("in short forms is read as CPU and bytes", () => {
    expect([milliCpu("250m"), milliCpu("2"), milliCpu("0.1"), milliCpu(undefined)]).toEqual([
      250, 2000, 100, 0,
    ]);
    expect([bytes("64Mi"), bytes("1G"), bytes("1.5Ki"), bytes("5Ti")]).toEqual([
      64 * 2 ** 20,
      1e9,
      1536,
      5 * 2 ** 40,
    ]);
  });

  const texts = fc
    .tuple(
      fc.integer({ min: -99_999, max: 99_999 }),
      fc.constantFrom("", ".5", ".125", ".001"),
      fc.constantFrom("n", "u", "m", "", "k", "M", "G", "Ki", "Mi", "Gi", "Ti", "e3", "E-2"),
    )
    .map((parts) => parts.join(""));

  test("keeps its amount and its text through the canonical form", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const quantity = parseQuantity(text);
        const canonical = formatQuantity(quantity);
        const again = parseQuantity(canonical);
        // Bytes have no fractions: only there may the canonical form be larger, by less than one.
        const isExact = again.nanos === quantity.nanos;
        expect(isExact || quantity.format === "BinarySI").toBe(true);
        // Bytes that are no multiple of 1024 are written without a suffix, and so read as decimal.
        if (again.format === quantity.format) expect(formatQuantity(again)).toBe(canonical);
      }),
    );
  });

  test("writes bytes that are no multiple of 1024 in full", () => {
    expect(formatQuantity(parseQuantity("-75437.5Ki"))).toBe("-77248000");
    expect(formatQuantity(parseQuantity("-77248000"))).toBe("-77248k");
  });

  test("adds and compares as its amount does", () => {
    fc.assert(
      fc.property(texts, texts, (left, right) => {
        const [a, b] = [parseQuantity(left), parseQuantity(right)];
        expect(addQuantities(a, b).nanos).toBe(addQuantities(b, a).nanos);
        expect(compareQuantities(a, b)).toBe(-compareQuantities(b, a) + 0 || 0);
        const [low, high] = compareQuantities(a, b) < 0 ? [a, b] : [b, a];
        expect(quantityToMillis(low)).toBeLessThanOrEqual(quantityToMillis(high));
        expect(quantityToNumber(low)).toBeLessThanOrEqual(quantityToNumber(high));
      }),
    );
  });

  test("is the same by the fast path and by the exact one", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(milliCpu(text)).toBe(quantityToMillis(parseQuantity(text)));
      }),
    );
  });
});
