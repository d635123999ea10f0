import { expect, test } from "vitest";
import { SharedRead } from "#control-plane/store/etcd/shared-read";

test("those who ask while a read is under way share the next one", async () => {
  const open: (() => void)[] = [];
  let begun = 0;
  const shared = new SharedRead(async () => {
    const turn = ++begun;
    await new Promise<void>((resolve) => open.push(resolve));
    return turn;
  });
  const first = shared.ask();
  await Promise.resolve();
  await Promise.resolve();
  const late = [shared.ask(), shared.ask(), shared.ask()];
  expect(begun).toBe(1);
  open[0]?.();
  expect(await first).toBe(1);
  while (begun < 2) await Promise.resolve();
  open[1]?.();
  expect(await Promise.all(late)).toEqual([2, 2, 2]);
});

test("a read that failed fails only those who waited for it", async () => {
  let isBroken = true;
  const shared = new SharedRead(async () => {
    if (isBroken) throw new Error("broken");
    return 1;
  });
  await expect(shared.ask()).rejects.toThrow("broken");
  isBroken = false;
  expect(await shared.ask()).toBe(1);
});
