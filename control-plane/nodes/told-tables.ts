import type { VersionedTable } from "#control-plane/nodes/versioned-table";

/** Which version of which table one node has. */
export class ToldTables {
  private readonly versions = new Map<VersionedTable, number>();

  /** What the node must be told so that it has these; what it was told counts as soon as it is given out. */
  *news(tables: Iterable<VersionedTable>): Generator<Buffer> {
    for (const table of tables) {
      const since = this.versions.get(table);
      if (since === table.version) continue;
      this.versions.set(table, table.version);
      yield table.messageSince(since);
    }
  }

  /** Last words for tables that the node has and needs no longer. */
  *farewells(needed: ReadonlySet<VersionedTable>): Generator<Buffer> {
    const names = new Set([...needed].map(({ farewell }) => farewell?.name));
    for (const table of this.versions.keys()) {
      if (needed.has(table)) continue;
      this.versions.delete(table);
      const { farewell } = table;
      if (farewell && !names.has(farewell.name)) yield farewell.bytes;
    }
  }
}
