import { expect, test } from "vitest";
import { planLanes, type TestFile } from "#scripts/checks/lanes";

function file(path: string, sizeBytes: number, lane: TestFile["lane"] = "any"): TestFile {
  return { path, sizeBytes, lane };
}

test("long files begin first, and those that compare the whole host run while no other does", () => {
  const files = [
    file("small", 1),
    file("host-wide", 50, "alone"),
    file("big", 100),
    file("slow", 2, "first"),
    file("even", 1),
  ];
  expect(planLanes(files)).toEqual({
    shared: ["slow", "big", "even", "small"],
    alone: ["host-wide"],
  });
});
