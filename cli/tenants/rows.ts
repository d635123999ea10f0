import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Tenant } from "#api/schema/own/tenant";
import { CommandError } from "#cli/define-command";

/**
 * Tenants of a file, one at a time, so that a file of any length takes the memory of one: YAML documents, JSON lines,
 * or CSV with the columns name,plan,host and, by a header, mode and owner. Several hosts stand in one cell with
 * spaces between.
 */
export type TenantFormat = "yaml" | "jsonl" | "csv";

export type TenantRow =
  | { readonly type: "tenant"; readonly tenant: Tenant; readonly source: string }
  | { readonly type: "refused"; readonly why: string; readonly source: string };

const MAX_DOCUMENT_BYTES = 1024 * 1024;
const DEFAULT_COLUMNS = ["name", "plan", "host"];
const COLUMNS = [...DEFAULT_COLUMNS, "mode", "owner"];

export function formatOf(path: string, wanted: string | undefined): TenantFormat {
  const named = wanted ?? /\.([a-z]+)$/.exec(path)?.[1];
  if (named === "csv") return "csv";
  if (named === "jsonl" || named === "ndjson" || named === "json") return "jsonl";
  if (named === "yaml" || named === "yml") return "yaml";
  throw new CommandError(
    `${path}: what is in it? name the file .yaml, .jsonl or .csv, or say --format yaml, jsonl or csv`,
  );
}

/** Throws CommandError for what cannot be a list of tenants. */
export function requireText(path: string): void {
  if (path === "-") return;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new CommandError(`${path} is not there: check the path given with -f`);
  if (stat.isDirectory()) throw new CommandError(`${path} is a folder: name a file with -f`);
  if (startOf(path).includes(0)) {
    throw new CommandError(`${path} is not text: give YAML documents, JSON lines or CSV`);
  }
}

const START_BYTES = 8192;

function startOf(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const start = new Uint8Array(START_BYTES);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** Opened when the first line is asked for: what a reader gives before somebody listens is lost. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  yield* createInterface({ input, crlfDelay: Infinity });
}

export async function* readTenants(
  lines: AsyncIterable<string>,
  format: TenantFormat,
): AsyncGenerator<TenantRow> {
  if (format === "yaml") yield* yamlRows(lines);
  else yield* lineRows(lines, format);
}

async function* lineRows(
  lines: AsyncIterable<string>,
  format: "jsonl" | "csv",
): AsyncGenerator<TenantRow> {
  let number = 0;
  let columns: readonly string[] = DEFAULT_COLUMNS;
  for await (const line of lines) {
    number++;
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const source = `line ${number}`;
    if (format === "jsonl") {
      yield parsed(source, () => JSON.parse(text) as unknown);
      continue;
    }
    const cells = cellsOf(text);
    if (number === 1 && cells[0]?.toLowerCase() === "name") columns = headerOf(cells);
    else yield parsed(source, () => tenantOf(cells, columns));
  }
}

/** Documents are separated by lines that begin with "---", as in every manifest. */
async function* yamlRows(lines: AsyncIterable<string>): AsyncGenerator<TenantRow> {
  const { parse } = await import("#cli/yaml");
  let number = 0;
  let start = 1;
  let document: string[] = [];
  let bytes = 0;
  const take = (): TenantRow | undefined => {
    const text = document.join("\n");
    document = [];
    bytes = 0;
    if (text.split("\n").every((line) => line.trim() === "" || line.startsWith("#")))
      return undefined;
    return parsed(`line ${start}`, () => parse(text, { prettyErrors: false, version: "1.1" }));
  };
  for await (const line of lines) {
    number++;
    if (!/^---(?:\s|$)/.test(line)) {
      document.push(line);
      bytes += line.length;
      if (bytes > MAX_DOCUMENT_BYTES) {
        throw new CommandError(
          `line ${start}: this document has more than ${MAX_DOCUMENT_BYTES} bytes, which is no tenant: is a line with --- missing?`,
        );
      }
      continue;
    }
    const row = take();
    if (row) yield row;
    start = number + 1;
  }
  const row = take();
  if (row) yield row;
}

function parsed(source: string, read: () => unknown): TenantRow {
  try {
    const tenant = asTenant(read());
    return { type: "tenant", tenant, source };
  } catch (error) {
    return { type: "refused", source, why: (error as Error).message };
  }
}

/** Whole objects, and short ones: {"name": ..., "plan": ..., "hosts": [...]}. */
function asTenant(value: unknown): Tenant {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error("this is not an object: write a Tenant, or its name, plan and hosts");
  }
  const object = value as Partial<Tenant> & Record<string, unknown>;
  const head = { apiVersion: "kaji.dev/v1alpha1", kind: "Tenant" };
  if (object.kind !== undefined || object.metadata !== undefined) {
    if ((object.kind ?? "Tenant") !== "Tenant") throw new Error(`a ${object.kind} is not a Tenant`);
    return { ...head, ...object } as Tenant;
  }
  const { name, ...spec } = object;
  if (typeof name !== "string" || name === "") throw new Error("it has no name");
  return { ...head, metadata: { name }, spec: spec as Tenant["spec"] };
}

function headerOf(cells: readonly string[]): string[] {
  const columns = cells.map((cell) => cell.toLowerCase());
  const odd = columns.find((column) => !COLUMNS.includes(column));
  if (odd === undefined) return columns;
  throw new CommandError(`line 1: column "${odd}" is not known: use ${COLUMNS.join(", ")}`);
}

function tenantOf(cells: readonly string[], columns: readonly string[]): unknown {
  if (cells.length > columns.length) {
    throw new Error(
      `${cells.length} columns, and ${columns.length} are known: ${columns.join(",")}`,
    );
  }
  const at = (column: string): string => cells[columns.indexOf(column)] ?? "";
  const hosts = at("host")
    .split(/[\s;]+/)
    .filter(Boolean);
  const owner = at("owner");
  return {
    name: at("name"),
    plan: at("plan"),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(at("mode") ? { mode: at("mode") } : {}),
    ...(owner ? { owners: [{ kind: "User", name: owner }] } : {}),
  };
}

/** Source: RFC 4180, within one line. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
  }
  return cells;
}
