import { expect, test } from "vitest";
import { answerTo } from "#control-plane/history/answer";
import { Lines } from "#control-plane/history/lines";
import { parseQuery } from "#control-plane/history/query";
import { createTables, type Tables } from "#control-plane/history/tables";

const nowMs = 1_800_000_000_000;
const query = parseQuery(new URLSearchParams("of=cluster&range=1m"));

function linesOf(tables: Tables): Lines {
  return new Lines((...question) => Promise.resolve(answerTo(tables, ...question)));
}

test("a line is made once for all who ask the same, until something is measured", async () => {
  const tables = createTables();
  const lines = linesOf(tables);
  const [first, second] = await Promise.all([
    lines.of(query, nowMs),
    lines.of({ ...query }, nowMs + 1),
  ]);
  expect(second).toBe(first);
  expect(await lines.of({ ...query }, nowMs + 2)).toBe(first);
  const other = parseQuery(new URLSearchParams("of=nodes&range=1m"));
  expect(await lines.of(other, nowMs)).not.toBe(first);
  tables.cluster.take("", nowMs, () => ({}))?.add(nowMs, [1, 2]);
  lines.forget();
  expect(Buffer.from(await lines.of(query, nowMs)).toString()).toContain(
    '"cpu":[null,null,null,null,null,1]',
  );
});

test("a line is of its own slot: what is asked for later is made anew", async () => {
  const lines = linesOf(createTables());
  expect(await lines.of(query, nowMs + 10_000)).not.toEqual(await lines.of(query, nowMs));
});

test("a line that could not be made is tried again", async () => {
  let attempts = 0;
  const lines = new Lines((...question) =>
    attempts++ === 0
      ? Promise.reject(new Error("not now"))
      : Promise.resolve(answerTo(createTables(), ...question)),
  );
  await expect(lines.of(query, nowMs)).rejects.toThrow("not now");
  expect((await lines.of(query, nowMs)).length).toBeGreaterThan(0);
});
