import { expect, test } from "vitest";
import { readTenants, type TenantFormat, type TenantRow } from "#cli/tenants/rows";

async function* from(text: string): AsyncGenerator<string> {
  yield* text.split("\n");
}

async function read(format: TenantFormat, text: string): Promise<TenantRow[]> {
  const rows: TenantRow[] = [];
  for await (const row of readTenants(from(text), format)) rows.push(row);
  return rows;
}

async function shown(format: TenantFormat, text: string): Promise<string[]> {
  return (await read(format, text)).map((row) =>
    row.type === "refused"
      ? `${row.source}: ${row.why}`
      : `${row.tenant.metadata.name} ${JSON.stringify(row.tenant.spec)}`,
  );
}

test("CSV: by order, by header, with quotes and several hosts", async () => {
  expect(
    await shown("csv", 'a,small,a.example\n\n# no tenant\nb,small\n"c","big","x.c y.c"'),
  ).toEqual([
    'a {"plan":"small","hosts":["a.example"]}',
    'b {"plan":"small"}',
    'c {"plan":"big","hosts":["x.c","y.c"]}',
  ]);
  expect(
    await shown("csv", "name,owner,plan,mode\na,jane,small,pooled\nb,,small,\nc,d,e,f,g"),
  ).toEqual([
    'a {"plan":"small","mode":"pooled","owners":[{"kind":"User","name":"jane"}]}',
    'b {"plan":"small"}',
    "line 4: 5 columns, and 4 are known: name,owner,plan,mode",
  ]);
  await expect(shown("csv", "name,colour\na,red")).rejects.toThrow(
    'line 1: column "colour" is not known',
  );
});

test("JSON lines: short ones and whole objects; what is none is refused with its line", async () => {
  const whole = JSON.stringify({ kind: "Tenant", metadata: { name: "b" }, spec: { plan: "p" } });
  const lines = ['{"name":"a","plan":"p","hosts":["a.b"]}', whole, "{oops", "[]", '{"plan":"p"}'];
  const rows = await shown("jsonl", [...lines, '{"kind":"Pod","metadata":{}}'].join("\n"));
  expect(rows.slice(0, 2)).toEqual(['a {"plan":"p","hosts":["a.b"]}', 'b {"plan":"p"}']);
  expect(rows[2]).toMatch(/^line 3: .*JSON/);
  expect(rows.slice(3)).toEqual([
    "line 4: this is not an object: write a Tenant, or its name, plan and hosts",
    "line 5: it has no name",
    "line 6: a Pod is not a Tenant",
  ]);
});

test("YAML: documents one by one, with the line that each begins at", async () => {
  const text =
    "# all of them\n---\nname: a\nplan: p\n---\nname: [\n---\nmetadata: {name: c}\nspec: {plan: p}\n";
  const rows = await shown("yaml", text);
  expect(rows[0]).toBe('a {"plan":"p"}');
  expect(rows[1]).toMatch(/^line 6: /);
  expect(rows[2]).toBe('c {"plan":"p"}');
  expect(rows).toHaveLength(3);
});
