import { expect, test } from "vitest";
import { Lines } from "#control-plane/history/lines";
import { parseQuery } from "#control-plane/history/query";
import { createTables } from "#control-plane/history/tables";

const nowMs = 1_800_000_000_000;
const query = parseQuery(new URLSearchParams("of=cluster&range=1m"));

test("a line is made once for all who ask the same, until something is measured", () => {
  const tables = createTables();
  const lines = new Lines(tables);
  const first = lines.of(query, nowMs);
  expect(lines.of({ ...query }, nowMs + 1)).toBe(first);
  expect(lines.of(parseQuery(new URLSearchParams("of=nodes&range=1m")), nowMs)).not.toBe(first);
  tables.cluster.take("", nowMs, () => ({}))?.add(nowMs, [1, 2]);
  lines.forget();
  expect(Buffer.from(lines.of(query, nowMs)).toString()).toContain(
    '"cpu":[null,null,null,null,null,1]',
  );
});

test("a line is of its own slot: what is asked for later is made anew", () => {
  const lines = new Lines(createTables());
  expect(lines.of(query, nowMs + 10_000)).not.toEqual(lines.of(query, nowMs));
});
