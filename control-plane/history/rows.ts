import { podKey } from "#control-plane/history/use-samples";
import type { HistoryQuery } from "#control-plane/history/query";
import type { Labels, Series, SeriesTable } from "#control-plane/history/series";
import type { Tables } from "#control-plane/history/tables";

/** What is answered as one series: one that is kept, several side by side, or their sum. */
export interface Row {
  readonly labels: Labels;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly fields: readonly string[];
  readonly series: readonly Series[];
}

/** `refused`: of those that are not kept, which might have been among them. */
export function rowsOf(
  tables: Tables,
  query: HistoryQuery,
): { readonly rows: readonly Row[]; readonly refused: number } {
  switch (query.of) {
    case "cluster":
    case "server":
      return { rows: each(tables[query.of], () => true), refused: 0 };
    case "nodes": {
      const { name } = query;
      const isWanted = ({ node }: Labels): boolean => !name || node === name;
      return { rows: each(tables.nodes, isWanted), refused: tables.nodes.refused };
    }
    case "requests": {
      const isWanted = (labels: Labels): boolean =>
        isIn(query, labels) && (!query.name || labels.service === query.name);
      return { rows: each(tables.requests, isWanted), refused: tables.requests.refused };
    }
    case "pods":
      return { rows: podRows(tables, query), refused: query.name ? 0 : tables.pods.refused };
    case "versions":
      return { rows: versionRows(tables, query), refused: 0 };
  }
}

function each(table: SeriesTable, isWanted: (labels: Labels) => boolean): Row[] {
  const { fields } = table;
  return [...table.values()]
    .filter(({ labels }) => isWanted(labels))
    .map((series) => ({ labels: series.labels, parts: [{ fields, series: [series] }] }));
}

function isIn({ namespace }: HistoryQuery, labels: Labels): boolean {
  return namespace === undefined || labels.namespace === namespace;
}

function podRows({ pods, podRequests }: Tables, query: HistoryQuery): Row[] {
  return [...pods.values()]
    .filter(({ labels }) => isIn(query, labels) && (!query.name || labels.pod === query.name))
    .map((series) => {
      const { namespace = "", pod = "" } = series.labels;
      const requests = podRequests.get(podKey(namespace, pod));
      return {
        labels: series.labels,
        parts: [
          { fields: pods.fields, series: [series] },
          { fields: podRequests.fields, series: requests ? [requests] : [] },
        ],
      };
    });
}

/** Of a Deployment: by ReplicaSet, whose name is the Deployment's and a word more. */
function versionRows({ pods, podRequests, versions }: Tables, query: HistoryQuery): Row[] {
  const tables = [pods, podRequests, versions];
  const rows = new Map<string, { labels: Labels; parts: (Part & { series: Series[] })[] }>();
  for (const [at, table] of tables.entries())
    for (const series of table.values()) {
      const { owner = "", namespace = "" } = series.labels;
      const isOwn = owner.slice(0, owner.lastIndexOf("-")) === query.name;
      if (!isOwn || !isIn(query, series.labels)) continue;
      const labels = { namespace, version: owner };
      const parts = tables.map(({ fields }) => ({ fields, series: [] as Series[] }));
      const row = rows.get(owner) ?? { labels, parts };
      rows.set(owner, row);
      row.parts[at]?.series.push(series);
    }
  return [...rows.values()];
}
