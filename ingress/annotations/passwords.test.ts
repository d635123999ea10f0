import { expect, test } from "vitest";
import { passwordsOf } from "#ingress/annotations/passwords";
import { secretOf } from "#test/support/ingress-objects";

const problemOf = (hash: string): string | undefined =>
  passwordsOf(secretOf("users", { auth: `alice:${hash}\n` }), "auth-file").problem;

test.each([
  "$apr1$salt$digest",
  "{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=",
  "$2y$05$abcdefghabcdefghabcdefu",
  "$2b$12$abcdefghabcdefghabcdefu",
  "$6$salt$digest",
  "$5$rounds=100000$salt$digest",
  "$y$j9T$salt$digest",
  "$7$CU..../....salt$digest",
])("a password in the form %s is checked", (hash) => {
  expect(problemOf(hash)).toBeUndefined();
});

test.each([
  "$2y$31$abcdefghabcdefghabcdefu",
  "$2y$13$abcdefghabcdefghabcdefu",
  "$6$rounds=999999999$salt$digest",
  "$y$jFT$salt$digest",
  "$y$jFTzz$salt$digest",
  "$gy$jZZZ$salt$digest",
  "$7$GU..../....salt$digest",
])("nobody is let in by %s, whose check would keep everybody else waiting", (hash) => {
  expect(problemOf(hash)).toBe(
    "has a password of alice that takes too long to check: use bcrypt with a cost of at most 12",
  );
});
