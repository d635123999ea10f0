import { expect, test } from "vitest";
import { answerError } from "#node-agent/node/join-error";

const ORIGIN = "https://192.0.2.1:6443";

test.each([
  [429, 5, { isPassing: true, retryAfterMs: 5_000, isNameHeld: false }],
  [504, 1, { isPassing: true, retryAfterMs: 1_000, isNameHeld: false }],
  [503, undefined, { isPassing: true, retryAfterMs: undefined, isNameHeld: false }],
  [409, 30, { isPassing: true, retryAfterMs: 30_000, isNameHeld: true }],
  [409, undefined, { isPassing: false, isNameHeld: false }],
  [401, undefined, { isPassing: false, isNameHeld: false }],
])("an answer %i with %s s to wait is tried again as it should be", (status, seconds, expected) => {
  const details = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  expect(answerError(ORIGIN, status, { message: "why", details })).toMatchObject(expected);
});

test("whoever answers without a sentence is no server of ours, unless it cannot be reached through it now", () => {
  expect(answerError(ORIGIN, 503, undefined)).toMatchObject({ isPassing: true });
  const error = answerError(ORIGIN, 200, undefined);
  expect(error).toMatchObject({ isPassing: false });
  expect(error.message).toContain("is not a Kaji server");
});
