import { describe, expect, test } from "vitest";
import { latest } from "#node-agent/network/latest";

describe("latest", () => {
  test("what arrives in one turn is one run with the newest", async () => {
    const applied: number[] = [];
    const runs = latest<number>(async (input) => void applied.push(input));
    await Promise.all([runs.push(1), runs.push(2), runs.push(3)]);
    expect(applied).toEqual([3]);
    await runs.push(4);
    expect(applied).toEqual([3, 4]);
  });

  test("never runs two at a time, and runs again for what came meanwhile", async () => {
    const applied: number[] = [];
    let open = 0;
    const runs = latest<number>(async (input) => {
      expect(++open).toBe(1);
      if (input === 1) later.push(runs.push(2), runs.push(3));
      await new Promise((resolve) => setImmediate(resolve));
      applied.push(input);
      open--;
    });
    const later: Promise<void>[] = [];
    await runs.push(1);
    await Promise.all(later);
    expect(applied).toEqual([1, 3]);
  });

  test("a failure is told to those who had that input, and the next one runs", async () => {
    const runs = latest<number>(async (input) => {
      if (input === 1) throw new Error("refused");
    });
    await expect(runs.push(1)).rejects.toThrow("refused");
    await runs.push(2);
    await runs.close();
  });
});
