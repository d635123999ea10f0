import type { Form } from "#dashboard/model/live-collection";

/** A row of a table as the server prints it: the columns that kubectl shows, and the object's metadata. */
export interface TableRow {
  readonly cells: readonly (string | number | boolean | null)[];
  readonly object: { readonly metadata: RowMetadata };
}

export interface RowMetadata {
  readonly uid: string;
  readonly name: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly priority: number;
  readonly description?: string;
}

interface TableBody {
  readonly columnDefinitions?: readonly TableColumn[];
  readonly rows?: readonly TableRow[];
}

/** Rows instead of objects: every kind is shown by the columns that it defines itself. */
export function tableForm(onColumns: (columns: readonly TableColumn[]) => void): Form<TableRow> {
  const rowsOf = (body: unknown): readonly TableRow[] => {
    const { columnDefinitions, rows } = body as TableBody;
    if (columnDefinitions && columnDefinitions.length > 0) onColumns(columnDefinitions);
    return rows ?? [];
  };
  return {
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    itemsOf: rowsOf,
    itemsOfEvent: rowsOf,
    metadataOf: ({ object }) => object.metadata,
  };
}
