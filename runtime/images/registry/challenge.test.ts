import { expect, test } from "vitest";
import { parseChallenges } from "#runtime/images/registry/challenge";

test("reads one bearer challenge with commas inside quotes", () => {
  expect(
    parseChallenges(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    ),
  ).toEqual([
    {
      scheme: "bearer",
      parameters: {
        realm: "https://auth.docker.io/token",
        service: "registry.docker.io",
        scope: "repository:a/b:pull,push",
      },
    },
  ]);
});

test("reads several challenges, and values without quotes", () => {
  expect(parseChallenges('Basic realm=x, Bearer realm="y \\"z\\""')).toEqual([
    { scheme: "basic", parameters: { realm: "x" } },
    { scheme: "bearer", parameters: { realm: 'y "z"' } },
  ]);
});

test("an empty or broken header holds no challenge", () => {
  expect(parseChallenges("")).toEqual([]);
  expect(parseChallenges('"')).toEqual([]);
});
