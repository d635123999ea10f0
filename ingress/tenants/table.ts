import { hostsOf, type TenantRecord, tenantEntry } from "#ingress/tenants/record";

/**
 * Who has which host, and which entries nginx has not been told yet. A change of a tenant costs that tenant's
 * hosts, never all. Pure: told what changed, asked what to send.
 *
 * Invariants:
 * - A host is served for one tenant: of several that name it (which the API refuses) the oldest, always the same.
 * - Every key whose entry has changed since it was taken is given by the next `take`.
 */
export class TenantTable {
  private readonly records = new Map<string, TenantRecord>();
  private readonly owners = new Map<string, TenantRecord>();
  /** Of hosts that several tenants name: those that do not have it. */
  private readonly rivals = new Map<string, TenantRecord[]>();
  /** Those whose namespace is made, by name. */
  private readonly made = new Map<string, TenantRecord>();
  /** Entries of plans, by key. */
  private readonly plans = new Map<string, string>();
  private readonly stale = new Set<string>();
  private contested: Contest[] = [];

  get size(): number {
    return this.records.size;
  }

  get hosts(): number {
    return this.owners.size;
  }

  get isSettled(): boolean {
    return this.stale.size === 0;
  }

  get(name: string): TenantRecord | undefined {
    return this.records.get(name);
  }

  ownerOf(host: string): TenantRecord | undefined {
    return this.owners.get(host);
  }

  /** Tenants with a namespace of their own: the only ones whose Services need be looked at. */
  withNamespace(): Iterable<TenantRecord> {
    return this.made.values();
  }

  put(record: TenantRecord): void {
    // Another one of that name: it has lost its age.
    if (this.records.get(record.name)?.createdAt !== record.createdAt) this.remove(record.name);
    const previous = this.records.get(record.name);
    this.records.set(record.name, record);
    if (record.namespace === "") this.made.delete(record.name);
    else this.made.set(record.name, record);
    const wanted = hostsOf(record);
    for (const host of previous ? hostsOf(previous) : []) {
      if (!wanted.includes(host)) this.release(host, record.name);
    }
    for (const host of wanted) this.claim(host, record, previous);
  }

  remove(name: string): void {
    const record = this.records.get(name);
    if (!record) return;
    this.records.delete(name);
    this.made.delete(name);
    for (const host of hostsOf(record)) this.release(host, name);
  }

  /** Everything there is, after a list. */
  replace(records: readonly TenantRecord[]): void {
    const names = new Set(records.map(({ name }) => name));
    for (const name of [...this.records.keys()]) if (!names.has(name)) this.remove(name);
    for (const record of records) this.put(record);
  }

  setPlans(entries: ReadonlyMap<string, string>): void {
    for (const key of this.plans.keys()) {
      if (entries.has(key)) continue;
      this.plans.delete(key);
      this.stale.add(key);
    }
    for (const [key, entry] of entries) {
      if (this.plans.get(key) === entry) continue;
      this.plans.set(key, entry);
      this.stale.add(key);
    }
  }

  /** Forgets what is not sent yet: the caller sends everything. */
  settle(): void {
    this.stale.clear();
  }

  mark(keys: Iterable<string>): void {
    for (const key of keys) this.stale.add(key);
  }

  /** At most so many entries to send; they count as sent until `mark` says otherwise. */
  take(limit: number): TenantEntry[] {
    const taken: TenantEntry[] = [];
    for (const key of this.stale) {
      if (taken.length === limit) break;
      this.stale.delete(key);
      taken.push(this.entryFor(key));
    }
    return taken;
  }

  /** Every entry, for the file that nginx starts from. */
  *entries(): Generator<TenantEntry> {
    for (const [key, value] of this.plans) yield { key, value };
    for (const [key, owner] of this.owners) yield { key, value: tenantEntry(owner) };
  }

  /** A host that two tenants name and that nobody has been told of. */
  nextContest(): Contest | undefined {
    return this.contested[0];
  }

  contestTold(): void {
    this.contested.shift();
  }

  entryFor(key: string): TenantEntry {
    const owner = this.owners.get(key);
    return { key, value: owner ? tenantEntry(owner) : this.plans.get(key) };
  }

  private claim(host: string, record: TenantRecord, previous: TenantRecord | undefined): void {
    const owner = this.owners.get(host);
    if (!owner || owner.name === record.name) {
      this.owners.set(host, record);
      const isSame =
        owner === previous && previous && tenantEntry(previous) === tenantEntry(record);
      if (!isSame) this.stale.add(host);
      return;
    }
    const others = (this.rivals.get(host) ?? []).filter(({ name }) => name !== record.name);
    const isKnown = others.length < (this.rivals.get(host)?.length ?? 0);
    const [winner, loser] = isOlder(record, owner) ? [record, owner] : [owner, record];
    this.rivals.set(host, [...others, loser]);
    if (winner === record) {
      this.owners.set(host, record);
      this.stale.add(host);
    }
    if (!isKnown) this.contested.push({ host, winner, loser });
  }

  private release(host: string, name: string): void {
    const others = this.rivals.get(host) ?? [];
    const isOwner = this.owners.get(host)?.name === name;
    const left = others.filter((rival) => rival.name !== name);
    const next = isOwner ? left.reduce(oldest, undefined) : undefined;
    const waiting = left.filter((rival) => rival !== next);
    if (waiting.length > 0) this.rivals.set(host, waiting);
    else this.rivals.delete(host);
    if (!isOwner) return;
    if (next) this.owners.set(host, next);
    else this.owners.delete(host);
    this.stale.add(host);
  }
}

export interface TenantEntry {
  readonly key: string;
  /** undefined: there is none any more. */
  readonly value: string | undefined;
}

export interface Contest {
  readonly host: string;
  readonly winner: TenantRecord;
  readonly loser: TenantRecord;
}

function isOlder(a: TenantRecord, b: TenantRecord): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.name < b.name);
}

function oldest(a: TenantRecord | undefined, b: TenantRecord): TenantRecord {
  return a === undefined || isOlder(b, a) ? b : a;
}

/** `KEY\tVALUE` a line, and a key alone for one that is gone: for nginx and for its file. */
export function encodeEntries(entries: Iterable<TenantEntry>): string {
  let text = "";
  for (const { key, value } of entries)
    text += value === undefined ? `${key}\n` : `${key}\t${value}\n`;
  return text;
}
