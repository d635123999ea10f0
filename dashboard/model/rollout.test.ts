import { describe, expect, test } from "vitest";
import type { Deployment } from "#api/schema/types";
import { readyWords, seenPods, stepsBetween, type VersionView } from "#dashboard/model/rollout";

function version(revision: string, pods: Record<string, "ready" | "starting" | "leaving">) {
  const views = Object.entries(pods).map(([name, state]) => ({ name, state }));
  const view: VersionView = {
    ...{ name: `web-${revision}`, revision, images: [], desired: 2, traffic: undefined },
    pods: views,
  };
  return view;
}

const ready = (wanted: number, readyReplicas?: number): string =>
  readyWords({ spec: { replicas: wanted }, status: { readyReplicas } } as Deployment);

describe("a roll-out that is watched", () => {
  test("counts no more pods as ready of those that are wanted than there are wanted", () => {
    expect([ready(2), ready(2, 1), ready(2, 2)]).toEqual([
      ...["0 of 2 ready", "1 of 2 ready", "2 of 2 ready"],
    ]);
    expect(ready(2, 3)).toBe("2 wanted, 3 ready while versions overlap");
  });

  test("is told swap by swap: who came, who is ready, who leaves, who is gone", () => {
    const before = seenPods([version("1", { a: "ready", b: "leaving" })]);
    const after = seenPods([version("2", { c: "starting" }), version("1", { a: "leaving" })]);
    expect(stepsBetween(before, after, 7)).toEqual([
      { atMs: 7, pod: "c", revision: "2", step: "starting" },
      { atMs: 7, pod: "a", revision: "1", step: "leaving" },
      { atMs: 7, pod: "b", revision: "1", step: "gone" },
    ]);
  });

  test("says nothing while nothing changes", () => {
    const seen = seenPods([version("1", { a: "ready" })]);
    expect(stepsBetween(seen, seen, 7)).toEqual([]);
  });
});
