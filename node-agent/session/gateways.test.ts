import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "#kit/rng";
import { Gateways } from "#node-agent/session/gateways";

const addresses = fc.uniqueArray(
  fc.integer({ min: 1, max: 40 }).map((n) => `10.0.0.${n}:6444`),
  { minLength: 1, maxLength: 8 },
);

describe("the gateways of a node", () => {
  test("are all tried before one is tried again, whatever was configured and told", () => {
    fc.assert(
      fc.property(addresses, addresses, fc.nat(), (configured, told, seed) => {
        const gateways = new Gateways({ configured, rng: seededRng(seed) });
        gateways.tell(told);
        const all = new Set([...configured, ...told]);
        // What is current was tried before the list came.
        const tried = new Set([gateways.current]);
        for (let move = 1; move < all.size; move++) {
          gateways.moveOn();
          expect(tried.has(gateways.current)).toBe(false);
          tried.add(gateways.current);
        }
        expect(tried).toEqual(all);
      }),
    );
  });

  test("spread over the others when one is lost", () => {
    const chosen = new Map<string, number>();
    for (let seed = 0; seed < 300; seed++) {
      const gateways = new Gateways({ configured: ["a:1", "b:1", "c:1"], rng: seededRng(seed) });
      while (gateways.current !== "a:1") gateways.moveOn();
      gateways.moveOn();
      chosen.set(gateways.current, (chosen.get(gateways.current) ?? 0) + 1);
    }
    expect(chosen.get("b:1")).toBeGreaterThan(80);
    expect(chosen.get("c:1")).toBeGreaterThan(80);
  });

  test("are remembered when they change, and only then", () => {
    const kept: (readonly string[])[] = [];
    const gateways = new Gateways({
      configured: ["a:1"],
      rng: seededRng(1),
      remember: (list) => void kept.push(list),
    });
    gateways.tell(["a:1", "b:1"]);
    gateways.tell(["a:1", "b:1"]);
    gateways.tell([]);
    expect(kept).toEqual([["a:1", "b:1"]]);
  });
});
