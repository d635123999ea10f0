import { describe, expect, test } from "vitest";
import { overcommit, percentText } from "#dashboard/parts/node-use";

describe("the use of nodes", () => {
  test("says whose requests are counted, where they are of one namespace alone", () => {
    expect(overcommit(500, 2000)).toBe("25 % of what the nodes have is requested");
    expect(overcommit(500, 2000, "shop")).toBe("25 % of what the nodes have is requested by shop");
    expect(overcommit(3000, 2000)).toBe("overcommitted: 150 % of what the nodes have is requested");
    expect(overcommit(0, 0, "shop")).toBe("no capacity is known");
  });

  test("tells nothing used from nothing known", () => {
    expect([percentText(0), percentText(12.4), percentText(undefined)]).toEqual([
      ...["0 %", "12 %", "–"],
    ]);
  });
});
