import { apiVersionOf, type Kind, type TableColumn } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { ListMeta, ObjectMeta } from "#api/schema/types";

/** metav1.Table: what `kubectl get` asks for. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: ListMeta;
  readonly columnDefinitions: readonly TableColumnDefinition[];
  readonly rows: readonly TableRow[];
}

export interface TableColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly (string | number | boolean)[];
  readonly object?: KubeObject | PartialObjectMetadata | ObjectIdentity;
}

/** Which object a row is of, and no more. */
export interface ObjectIdentity {
  readonly metadata: Pick<
    ObjectMeta,
    "name" | "namespace" | "uid" | "resourceVersion" | "creationTimestamp"
  >;
}

export interface PartialObjectMetadata {
  readonly kind: "PartialObjectMetadata";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: ObjectMeta;
}

/** What a row says of its object. `Identity` is Kaji's own: the dashboard shows thousands of rows. */
export const ROW_OBJECTS = ["None", "Metadata", "Object", "Identity"] as const;
export type RowObject = (typeof ROW_OBJECTS)[number];

export interface TableOptions {
  readonly nowMs: number;
  readonly includeObject: RowObject;
  /** resourceVersion and continue of the list. */
  readonly metadata?: ListMeta;
}

const nameColumn: TableColumn<KubeObject> = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
  value: (object) => object.metadata.name,
};

export function toTable<T extends KubeObject>(
  kind: Pick<Kind<T>, "columns" | "group" | "version" | "kind">,
  objects: readonly T[],
  options: TableOptions,
): Table {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata ?? {},
    columnDefinitions: columnDefinitions(kind),
    rows: objects.map((object) => toRow(kind, object, options)),
  };
}

export function columnDefinitions<T extends KubeObject>(
  kind: Pick<Kind<T>, "columns">,
): TableColumnDefinition[] {
  const found: TableColumnDefinition[] = [];
  for (const { name, type, format = "", description, priority } of columnsOf(kind)) {
    found.push({ name, type, format, description, priority });
  }
  return found;
}

function toRow<T extends KubeObject>(
  kind: Pick<Kind<T>, "columns" | "group" | "version" | "kind">,
  object: T,
  { nowMs, includeObject }: TableOptions,
): TableRow {
  const row = { cells: columnsOf(kind).map((column) => column.value(object, nowMs)) };
  switch (includeObject) {
    case "None":
      return row;
    case "Object":
      return { ...row, object: { ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) } };
    case "Metadata":
      return { ...row, object: partialMetadata(object) };
    case "Identity":
      return { ...row, object: identityOf(object) };
  }
}

export function identityOf({ metadata }: KubeObject): ObjectIdentity {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
  };
}

/** Name stands first, unless the kind itself puts it elsewhere (events do). */
function columnsOf<T extends KubeObject>(
  kind: Pick<Kind<T>, "columns">,
): readonly TableColumn<T>[] {
  const own: readonly TableColumn<T>[] = kind.columns.length > 0 ? kind.columns : [ageColumn];
  return own.some(({ name }) => name === "Name") ? own : [nameColumn, ...own];
}

export function partialMetadata(object: KubeObject): PartialObjectMetadata {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: object.metadata,
  };
}

export const ageColumn: TableColumn<KubeObject> = {
  name: "Age",
  type: "string",
  priority: 0,
  description: "The time since the object was created.",
  value: (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs),
};

/** Time passed since an RFC 3339 stamp, as kubectl shows it; "<unknown>" without a stamp. */
export function ageOf(timestamp: string | undefined, nowMs: number): string {
  if (!timestamp) return "<unknown>";
  const thenMs = Date.parse(timestamp);
  return Number.isNaN(thenMs) ? "<unknown>" : humanDuration(nowMs - thenMs);
}

/**
 * A duration with two significant units at most: 5s, 2m3s, 3h4m, 2d5h, 300d, 2y33d. Follows Kubernetes'
 * duration.HumanDuration: up to two seconds of clock skew count as now.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${String(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${String(minutes)}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${String(hours)}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return twoUnits(days, "d", hours % 24, "h");
  if (days < 730) return `${String(days)}d`;
  const years = Math.floor(days / 365);
  if (years < 8) return twoUnits(years, "y", days % 365, "d");
  return `${String(years)}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = small === 0 ? "" : `${String(small)}${smallUnit}`;
  return `${String(large)}${largeUnit}${rest}`;
}
