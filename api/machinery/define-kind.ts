import type { KubeObject } from "#api/machinery/meta";
import type { FieldError } from "#api/machinery/status-error";

/**
 * A kind is data and pure functions. Routes, storage keys, discovery, OpenAPI, tables and informers derive
 * from it. Adding one: a file under api/kinds and a line in api/kinds/index.ts.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  /** Key into api/schema/definitions.json, such as "io.k8s.api.core.v1.Pod". */
  readonly schema: string;
  /** With "status", a write to the main path keeps the stored status and the other way round. */
  readonly subresources: readonly Subresource[];
  /** True when metadata.generation counts changes of everything but metadata and status. */
  readonly hasGeneration: boolean;
  /** Where names must be more than DNS subdomains (services, namespaces); messages as of api/machinery/names. */
  readonly nameRule?: (name: string) => string[];
  /** Seconds a stored object lives without being written again (events); undefined: for ever. */
  readonly ttlSeconds?: number;
  /** Fills defaults into a draft that the caller owns (mutates it). Idempotent. */
  setDefaults(draft: T): void;
  /** Name rules, beyond what the schema says; [] when valid. Types and unknown fields are checked before. */
  validate(object: T): FieldError[];
  /** Immutability and transitions; called after `validate(next)`. */
  validateUpdate(next: T, previous: T): FieldError[];
  /** Rules for new objects alone; called after `validate`. */
  validateCreate?(object: T): FieldError[];
  /** Subresources whose body is the whole object, of which only a part is written. */
  readonly partialUpdates?: Readonly<Partial<Record<Subresource, PartialUpdate<T>>>>;
  /** Server-side columns for `kubectl get`; Name comes first and is the framework's, unless it stands among them. */
  readonly columns: readonly TableColumn<T>[];
  /** Field selectors beyond metadata.name and metadata.namespace. */
  readonly selectableFields: Readonly<Record<string, ReadField<T>>>;
  /** Where the scale subresource finds its numbers. */
  readonly scale?: ScaleMapping<T>;
}

export type Subresource =
  | "status"
  | "scale"
  | "log"
  | "exec"
  | "attach"
  | "portforward"
  | "binding"
  | "eviction"
  | "ephemeralcontainers"
  | "resize"
  | "token";

/** A write that takes one part of the object it is given and leaves the rest as it is stored. */
export interface PartialUpdate<T extends KubeObject = KubeObject> {
  /** `current` with the part of `draft` that counts. Neither is changed. */
  take(draft: T, current: T): T;
  /** In place of the kind's validateUpdate. */
  validate(next: T, previous: T): FieldError[];
}

export interface TableColumn<T> {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** 0 is always shown, 1 only with -o wide. */
  readonly priority: 0 | 1;
  readonly description: string;
  readonly format?: string;
  /** nowMs: for ages. Age columns use `ageColumn` from api/machinery/table. */
  value(object: T, nowMs: number): string | number | boolean;
}

/** The type of a method, so that a Kind<Pod> is also a Kind: kinds stand together in lists. */
type ReadField<T> = { read(object: T): string }["read"];

export interface ScaleMapping<T> {
  getReplicas(object: T): number;
  /** Mutates a draft that the caller owns. */
  setReplicas(draft: T, replicas: number): void;
  getStatusReplicas(object: T): number;
  /** The selector in its string form ("app=web,tier in (a,b)"). */
  getSelector(object: T): string;
}

type Optional =
  | "singular"
  | "shortNames"
  | "categories"
  | "subresources"
  | "hasGeneration"
  | "selectableFields"
  | "columns";

export type KindDefinition<T extends KubeObject> = Omit<
  Kind<T>,
  Optional | "setDefaults" | "validate" | "validateUpdate"
> &
  Partial<Pick<Kind<T>, Optional | "setDefaults" | "validate" | "validateUpdate">>;

export function defineKind<T extends KubeObject>(definition: KindDefinition<T>): Kind<T> {
  return Object.freeze({
    singular: definition.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: [],
    hasGeneration: false,
    columns: [],
    selectableFields: {},
    setDefaults: () => undefined,
    validate: () => [],
    validateUpdate: () => [],
    ...definition,
  });
}

export function partialUpdateOf(
  kind: Kind,
  subresource: string | undefined,
): PartialUpdate | undefined {
  const updates: Readonly<Record<string, PartialUpdate>> = kind.partialUpdates ?? {};
  return subresource === undefined ? undefined : updates[subresource];
}

/** "v1" or "apps/v1". */
export function apiVersionOf(kind: { group: string; version: string }): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}

/** "/api/v1" or "/apis/apps/v1". */
export function pathPrefixOf(kind: { group: string; version: string }): string {
  return kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
}

/** The URL path of a collection or of one object. */
export function pathOf(
  kind: Pick<Kind, "group" | "version" | "plural" | "isNamespaced">,
  namespace?: string,
  name?: string,
): string {
  const scope =
    kind.isNamespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const item = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${pathPrefixOf(kind)}${scope}/${kind.plural}${item}`;
}
