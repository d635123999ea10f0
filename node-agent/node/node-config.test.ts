import { describe, expect, test } from "vitest";
import { parsePairs, parseReserved, parseTaints } from "#node-agent/node/node-config";

describe("what is reserved", () => {
  test("is the sum of what is kept for the host and for Kaji", () => {
    const parsed = parseReserved("cpu=500m,memory=1Gi,pid=1000", "cpu=1,ephemeral-storage=2Gi");
    expect(parsed).toEqual({ cpuMillis: 1500, memoryBytes: 2 ** 30, storageBytes: 2 ** 31 });
  });

  test("is one of the resources that pods ask for", () => {
    expect(() => parseReserved("disk=1Gi")).toThrow("cannot reserve disk: give one of cpu, memory");
  });

  test.each(["cpu=-1", "memory=much", "ephemeral-storage=-5Gi"])("is never %s", (text) => {
    expect(() => parseReserved(text)).toThrow(`cannot reserve ${text}: give an amount`);
  });
});

test("pairs are separated by commas, and a value may have an equals sign", () => {
  expect([...parsePairs("a=1, b=x=y,")]).toEqual([
    ["a", "1"],
    ["b", "x=y"],
  ]);
  expect(() => parsePairs("a")).toThrow("a is not NAME=VALUE");
});

describe("taints", () => {
  test("are written as kubectl writes them", () => {
    expect(parseTaints("dedicated=gpu:NoSchedule,spot:NoExecute")).toEqual([
      { key: "dedicated", value: "gpu", effect: "NoSchedule" },
      { key: "spot", effect: "NoExecute" },
    ]);
  });

  test.each(["spot", "spot:Sometimes", "=x:NoSchedule"])("%s is none", (text) => {
    expect(() => parseTaints(text)).toThrow("is not KEY=VALUE:EFFECT");
  });
});
