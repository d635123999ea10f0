import type { Form, LiveCollection } from "#dashboard/model/live-collection";

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

const rowsOf = (body: unknown): readonly TableRow[] => (body as TableBody).rows ?? [];

/**
 * Rows instead of objects: every kind is shown by the columns that it defines itself. Of the object each row says
 * only which it is, which takes a tenth of what its metadata takes.
 */
export const tableForm: Form<TableRow> = {
  accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
  query: { includeObject: "Identity" },
  headOf: (body) => {
    const { columnDefinitions = [] } = body as TableBody;
    return columnDefinitions.length > 0 ? columnDefinitions : undefined;
  },
  itemsOf: rowsOf,
  itemsOfEvent: rowsOf,
  metadataOf: ({ object }) => object.metadata,
};

const none: readonly TableColumn[] = [];

/** Empty until the first page has come. */
export function columnsOf({ head }: LiveCollection<TableRow>): readonly TableColumn[] {
  return (head as readonly TableColumn[] | undefined) ?? none;
}
