import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cidrAddress,
  contains,
  parseCidr,
  randomAddress,
} from "#control-plane/apiserver/admission/cidr";
import { seededRng } from "#kit/rng";

describe("a range of addresses", () => {
  test("knows its addresses by offset", () => {
    expect(cidrAddress("10.96.0.0/16", 1)).toBe("10.96.0.1");
    expect(cidrAddress("10.96.0.0/16", 300)).toBe("10.96.1.44");
  });

  test("contains all but its network and broadcast addresses", () => {
    const cidr = parseCidr("10.0.0.0/24");
    expect(
      ["10.0.0.0", "10.0.0.255", "10.0.1.1", "nonsense"].map((one) => contains(cidr, one)),
    ).toEqual([false, false, false, false]);
    expect(contains(cidr, "10.0.0.1")).toBe(true);
  });

  test("draws addresses from itself, never from the part that is kept for names", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 28 }), fc.integer(), (bits, seed) => {
        const cidr = parseCidr(`10.0.0.0/${bits}`);
        const address = randomAddress(cidr, seededRng(seed));
        expect(contains(cidr, address)).toBe(true);
        const offset = Array.from({ length: cidr.firstDynamic }, (_, one) => cidr.at(one));
        expect(offset).not.toContain(address);
      }),
    );
  });
});
