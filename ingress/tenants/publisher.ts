import { randomUUID } from "node:crypto";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { type HostLog, slicesOf } from "#ingress/tenants/host-log";
import { encodeEntries, type TenantEntry, type TenantTable } from "#ingress/tenants/table";

/**
 * Brings nginx's dictionary of tenants to the table, and the file beside it: entry by entry, in batches of whatever
 * has changed meanwhile. Only a new nginx or a new process of ours sends everything.
 *
 * Invariants:
 * - When `flush` resolves, every worker uses what the table said when it was called.
 * - A flush that fails is repeated whole: entries are absolute, so that twice is as good as once.
 */
export class TenantPublisher {
  private readonly admin: Pick<NginxAdmin, "call">;
  private readonly log: HostLog;
  private readonly table: TenantTable;
  /** Of the nginx that holds the table's entries; "" when none does. */
  private generation = "";
  /** Keys that another process may have left in nginx; looked for once. */
  private former: ReadonlySet<string> | undefined;
  /** Hosts that nginx has no room for. */
  private readonly refused = new Map<string, string>();

  constructor(admin: Pick<NginxAdmin, "call">, log: HostLog, table: TenantTable) {
    this.admin = admin;
    this.log = log;
    this.table = table;
  }

  /** Why each host that is not served is not: nginx's own sentence. */
  get refusals(): ReadonlyMap<string, string> {
    return this.refused;
  }

  async flush(): Promise<void> {
    this.former ??= await this.log.keys();
    if (this.generation === "" || !(await this.isStillThere())) await this.sendAll();
    while (!this.table.isSettled) await this.sendChanges();
  }

  private async isStillThere(): Promise<boolean> {
    return (await this.admin.call("GET", GENERATION)) === this.generation;
  }

  private async sendAll(): Promise<void> {
    this.generation = "";
    this.refused.clear();
    this.table.settle();
    const live = new Set<string>();
    for (const { key } of this.table.entries()) live.add(key);
    const gone = [...(this.former ?? [])]
      .filter((key) => !live.has(key))
      .map((key): TenantEntry => ({ key, value: undefined }));
    // The gone ones stay in the file until nginx certainly has them no more.
    await this.log.rewrite(chain(this.table.entries(), gone));
    for (const batch of slicesOf(chain(gone, this.table.entries()), BATCH)) await this.post(batch);
    const generation = randomUUID();
    await this.admin.call("POST", GENERATION, generation);
    this.generation = generation;
    this.former = new Set();
  }

  private async sendChanges(): Promise<void> {
    const batch = this.table.take(BATCH);
    try {
      await this.log.append(batch);
      await this.post(batch);
      const hasRoomAgain = this.refused.size > 0 && batch.some(({ value }) => value === undefined);
      if (hasRoomAgain) await this.post(this.refusedEntries());
    } catch (error) {
      this.table.mark(batch.map(({ key }) => key));
      throw error;
    }
    if (this.log.isWorn(this.table.hosts)) await this.log.rewrite(this.table.entries());
  }

  private async post(batch: readonly TenantEntry[]): Promise<void> {
    if (batch.length === 0) return;
    const answer = await this.admin.call("POST", "/tenants", encodeEntries(batch));
    for (const { key } of batch) this.refused.delete(key);
    for (const line of answer.split("\n").filter(Boolean)) {
      const [key = "", problem = ""] = line.split("\t");
      this.refused.set(key, problem);
    }
  }

  private refusedEntries(): TenantEntry[] {
    return [...this.refused.keys()].slice(0, BATCH).map((key) => this.table.entryFor(key));
  }
}

const GENERATION = "/generation?of=tenants";
/** nginx applies one batch without a pause: some 10 ms in which that worker answers nobody. */
const BATCH = 2_000;

function* chain<T>(...sources: readonly Iterable<T>[]): Generator<T> {
  for (const source of sources) yield* source;
}
