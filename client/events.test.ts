import { expect, test } from "vitest";
import { isDns1123Subdomain } from "#api/machinery/names";
import { newEvent } from "#client/events";
import { seededRng } from "#kit/rng";

test("an event about an object with the longest name has a name that is allowed", () => {
  const name = `${"a".repeat(230)}.${"b".repeat(22)}`;
  const about = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" } };
  const event = newEvent({
    about,
    type: "Normal",
    reason: "Tested",
    message: "x",
    component: "test",
    nowMs: 1_800_000_000_000,
    rng: seededRng(1),
  });
  expect(isDns1123Subdomain(event.metadata.name)).toEqual([]);
});
