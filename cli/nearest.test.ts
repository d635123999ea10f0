import { expect, test } from "vitest";
import { nearestWord } from "#cli/nearest";

const words = ["pods", "services", "deployments", "po", "configmaps"];

test.each([
  ["podz", "pods"],
  ["pdos", "pods"],
  ["srevices", "services"],
  ["Deploymnts", "deployments"],
  ["configmap", "configmaps"],
])("%s was meant to be %s", (text, meant) => {
  expect(nearestWord(text, words)).toBe(meant);
});

test.each(["gizmos", "xyz", "nodepools", ""])("nothing is near %s", (text) => {
  expect(nearestWord(text, words)).toBeUndefined();
});
