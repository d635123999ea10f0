import { tenantKind } from "#api/kinds/tenant";
import { isDeepEqual } from "#api/machinery/field-path";
import { StatusError } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantRow } from "#cli/tenants/rows";
import type { Client } from "#client/client";

/**
 * Creates the tenants of a stream, so many at a time, and reads no further ahead. What is there already as the line
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
  async function work(): Promise<void> {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      if (options.signal.aborted) return;
      const outcome = await createOne(options.client, next.value);
      if (outcome === "created" || outcome === "existing") tally[outcome]++;
      else {
        tally.refused++;
        options.refuse(`${next.value.source}: ${outcome.why}`);
      }
      options.progress(tally);
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work));
  return tally;
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
