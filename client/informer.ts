import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";

/**
 * A local, read-only copy of one kind, kept by list and watch. Handlers are called in order after the copy
 * has changed; objects are shared and frozen.
 */
export interface Lister<T extends KubeObject> {
  get(key: string): T | undefined;
  list(): readonly T[];
  inNamespace(namespace: string): readonly T[];
}

export interface Informer<T extends KubeObject> extends Lister<T> {
  readonly kind: Kind<T>;
  /** Resolves once the first list has been delivered. */
  readonly synced: Promise<void>;
  onChange(handler: (change: InformerChange<T>) => void): void;
}

export interface InformerChange<T> {
  readonly previous: T | undefined;
  /** undefined: deleted. */
  readonly current: T | undefined;
}
