import { tenantKind } from "#api/kinds/tenant";
import { isDeepEqual } from "#api/machinery/field-path";
import { StatusError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantRow } from "#cli/tenants/rows";
import type { Client } from "#client/client";

/**
 * Creates the tenants of a stream, in batches where the server lets this user (POST /kaji/v1/create), else each by a
 * request of its own, so many at a time, and reads no further ahead. What is there already as the line
 * says counts as done: the same file can be given again after any interruption.
 */
export interface Tally {
  readonly created: number;
  readonly existing: number;
  readonly refused: number;
}

export interface ManyOptions {
  readonly client: Client;
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Called for each line that is refused, with one sentence. */
  refuse(sentence: string): void;
  progress(tally: Tally): void;
}

export async function createTenants(
  rows: AsyncIterable<TenantRow>,
  options: ManyOptions,
): Promise<Tally> {
  const tally = { created: 0, existing: 0, refused: 0 };
  const source = rows[Symbol.asyncIterator]();
  const count = (row: TenantRow, outcome: Outcome): void => {
    if (outcome === "created" || outcome === "existing") tally[outcome]++;
    else {
      tally.refused++;
      options.refuse(`${row.source}: ${outcome.why}`);
    }
    options.progress(tally);
  };
  let isInBulk = true;
  async function work(): Promise<void> {
    for (;;) {
      const batch = await take(source, isInBulk ? BATCH : 1);
      if (batch.length === 0 || options.signal.aborted) return;
      const outcomes = isInBulk ? await createBatch(options.client, batch) : undefined;
      if (!outcomes) isInBulk = false;
      for (const [at, row] of batch.entries()) {
        count(row, outcomes?.[at] ?? (await createOne(options.client, row)));
      }
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work));
  return tally;
}

const BATCH = 500;
/** The server takes 3 MiB; rows are counted before they are written as JSON. */
const BATCH_BYTES = 1024 * 1024;

async function take(source: AsyncIterator<TenantRow>, limit: number): Promise<TenantRow[]> {
  const taken: TenantRow[] = [];
  for (let bytes = 0; taken.length < limit && bytes < BATCH_BYTES; ) {
    const next = await source.next();
    if (next.done) break;
    taken.push(next.value);
    if (next.value.type === "tenant") bytes += JSON.stringify(next.value.tenant).length;
  }
  return taken;
}

/** Of each row what became of it; undefined: this user may not, or this server does not know how. */
async function createBatch(
  client: Client,
  rows: readonly TenantRow[],
): Promise<Outcome[] | undefined> {
  const lines = rows.map((row) => (row.type === "tenant" ? JSON.stringify(row.tenant) : ""));
  let refused: readonly RefusedLine[];
  try {
    const body = Buffer.from(lines.join("\n"));
    ({ refused } = (await client.raw("POST", "/kaji/v1/create", body)) as BulkAnswer);
  } catch (error) {
    if (error instanceof StatusError && [403, 404, 405].includes(error.code)) return undefined;
    throw error;
  }
  const byLine = new Map(refused.map((one) => [one.line, one]));
  return Promise.all(
    rows.map(async (row, at): Promise<Outcome> => {
      if (row.type === "refused") return { why: row.why };
      const refusal = byLine.get(at + 1);
      if (!refusal) return "created";
      if (refusal.reason !== "AlreadyExists") return { why: refusal.message };
      return compare(client, row.tenant);
    }),
  );
}

interface BulkAnswer {
  readonly refused: readonly RefusedLine[];
}

interface RefusedLine {
  readonly line: number;
  readonly reason: string;
  readonly message: string;
}

type Outcome = "created" | "existing" | { readonly why: string };

async function createOne(client: Client, row: TenantRow): Promise<Outcome> {
  if (row.type === "refused") return { why: row.why };
  try {
    await client.create(tenantKind, row.tenant);
    return "created";
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.reason !== "AlreadyExists") return { why: error.message };
    return compare(client, row.tenant);
  }
}

async function compare(client: Client, wanted: Tenant): Promise<Outcome> {
  const { name } = wanted.metadata;
  const { spec } = await client.get(tenantKind, name);
  const fields = Object.keys(wanted.spec) as (keyof Tenant["spec"])[];
  const other = fields.find((field) => !isDeepEqual(spec[field], wanted.spec[field]));
  if (other === undefined) return "existing";
  return {
    why: `tenant "${name}" is there already, with another ${other}: ${JSON.stringify(spec[other] ?? null)}`,
  };
}
