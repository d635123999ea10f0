import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "#control-plane/apiserver/rest/turns";

test("turns of one key follow each other in order; other keys do not wait", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const take = async (key: string, name: string): Promise<() => void> => {
    const end = await turns.take(key);
    seen.push(name);
    return end;
  };
  const first = await take("a", "a1");
  const second = take("a", "a2");
  const third = take("a", "a3");
  (await take("b", "b1"))();
  await nextTurn();
  expect(seen).toEqual(["a1", "b1"]);
  first();
  (await second)();
  (await third)();
  expect(seen).toEqual(["a1", "b1", "a2", "a3"]);
});

test("whoever comes when a thousand wait is told to come again", async () => {
  const turns = new Turns();
  const end = await turns.take("a");
  const waiting = Array.from({ length: 1_000 }, () => turns.take("a"));
  await expect(turns.take("a")).rejects.toMatchObject({ code: 429 });
  end();
  for (const turn of waiting) (await turn)();
  (await turns.take("a"))();
});
