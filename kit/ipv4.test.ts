import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressAt,
  formatIpv4,
  formatRange,
  isInRange,
  isIpv4,
  parseIpv4,
  parseRange,
} from "#kit/ipv4";

const anyAddress = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyPrefix = fc.integer({ min: 0, max: 32 });

describe("IPv4 addresses and ranges", () => {
  test("text and number tell the same address", () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
    );
  });

  test("an address lies in a range of itself, whatever the prefix", () => {
    fc.assert(
      fc.property(anyAddress, anyPrefix, (address, prefix) => {
        const range = parseRange(`${formatIpv4(address)}/${prefix}`);
        expect(isInRange(range, address)).toBe(true);
        expect(parseRange(formatRange(range))).toEqual(range);
        expect(isInRange(range, range.first - 1)).toBe(false);
        expect(isInRange(range, range.first + range.size)).toBe(false);
      }),
    );
  });

  test("a range knows its addresses by offset", () => {
    const range = parseRange("10.244.3.9/24");
    expect(formatRange(range)).toBe("10.244.3.0/24");
    expect(addressAt(range, 0)).toBe("10.244.3.0");
    expect(addressAt(range, 255)).toBe("10.244.3.255");
    expect(() => addressAt(range, 256)).toThrow("10.244.3.0/24 has an address 256");
  });

  test("nothing else is taken for an address", () => {
    for (const text of ["", "10.0.0", "10.0.0.256", "10.0.0.0.0", "::1", "10.0.0.x", " 10.0.0.1"]) {
      expect(isIpv4(text), text).toBe(false);
    }
    expect(() => parseRange("10.0.0.0/33")).toThrow("is a CIDR");
  });
});
