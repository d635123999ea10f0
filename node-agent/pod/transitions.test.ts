import { describe, expect, test } from "vitest";
import { mayMove, podStages, rank, transitions } from "#node-agent/pod/transitions";

const moves = Object.entries(transitions).flatMap(([actor, list]) =>
  list.map(([from, to]) => ({ actor, from, to })),
);

describe("pod stages", () => {
  test("the rank never drops and never stays", () => {
    expect(moves.filter(({ from, to }) => rank(to) <= rank(from))).toEqual([]);
  });

  test("every stage has one owner", () => {
    for (const stage of podStages) {
      const owners = new Set(moves.filter(({ from }) => from === stage).map(({ actor }) => actor));
      expect(owners.size, stage).toBe(stage === "deleted" ? 0 : 1);
    }
  });

  test("every stage but the first is reached by some move", () => {
    const reached = new Set(moves.map(({ to }) => to));
    expect(podStages.filter((stage) => !reached.has(stage))).toEqual(["unbound"]);
  });

  test("an actor may not make another's move", () => {
    expect(mayMove("agent", "unbound", "bound")).toBe(false);
    expect(mayMove("agent", "cleaning", "gone")).toBe(true);
  });
});
