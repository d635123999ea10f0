import { setMaxListeners } from "node:events";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Client } from "#client/client";
import type { Informer, InformerChange } from "#client/informer";
import type { IndexFunction } from "#client/informer-cache";
import { InformerCache } from "#client/informer-cache";
import type { Selection } from "#client/reflector";
import { reflect } from "#client/reflector";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import { systemRng } from "#kit/rng";

export interface IndexedInformer<T extends KubeObject> extends Informer<T> {
  /** Adds an index, at any time; `valuesOf` must be pure. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void;
  byIndex(name: string, value: string): readonly T[];
}

export interface Informers {
  /** The one informer of this kind and selection; the first call starts it. */
  for<T extends KubeObject>(kind: Kind<T>, selection?: Selection): IndexedInformer<T>;
  /** Resolves when all have had their first list. */
  synced(): Promise<void>;
  /** After the signal has aborted: resolves when no request is under way any more. */
  stopped(): Promise<void>;
}

export interface InformersOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly rng?: Rng;
  /** What every copy is made of, in place of what the server sent; see ReflectorOptions. */
  readonly transform?: <T extends KubeObject>(object: T) => T;
}

/** Informers shared by the parts of one process: one list, one watch and one copy per kind and selection. */
export function createInformers(client: Client, options: InformersOptions): Informers {
  const informers = new Map<string, { informer: unknown; synced: Promise<void> }>();
  // Asked for many times for each change of an object: it costs one look-up.
  const ofWholeKinds = new Map<unknown, unknown>();
  const running: Promise<void>[] = [];
  // Each informer listens for the end: more than Node's default of 10 is no leak here.
  setMaxListeners(0, options.signal);

  function informerOf<T extends KubeObject>(kind: Kind<T>, selection: Selection) {
    const { namespace, labelSelector, fieldSelector } = selection;
    const { group, version, plural } = kind;
    const id = JSON.stringify([group, version, plural, namespace, labelSelector, fieldSelector]);
    const known = informers.get(id);
    if (known) return known.informer as IndexedInformer<T>;
    const informer = new SharedInformer(kind, options);
    informers.set(id, { informer, synced: informer.synced });
    const source = { client, kind, selection, sink: informer };
    running.push(reflect<T>({ rng: systemRng, ...options, ...source }));
    return informer;
  }

  return {
    for<T extends KubeObject>(kind: Kind<T>, selection?: Selection): IndexedInformer<T> {
      if (selection) return informerOf(kind, selection);
      const known = ofWholeKinds.get(kind);
      if (known) return known as IndexedInformer<T>;
      const informer = informerOf(kind, {});
      ofWholeKinds.set(kind, informer);
      return informer;
    },
    async synced() {
      await Promise.all([...informers.values()].map(({ synced }) => synced));
    },
    async stopped() {
      await Promise.all(running);
    },
  };
}

/** A transform: who set which field is of no use to a reader, and is often half of the object. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields, ...metadata } = object.metadata;
  return managedFields ? { ...object, metadata } : object;
}

/**
 * Tells handlers what changes in one cache.
 *
 * Invariants:
 * - A handler sees each object first as new, then every change in order, then its deletion; one that comes
 *   late is first shown everything there is.
 * - The cache has changed before a handler hears of it.
 */
class SharedInformer<T extends KubeObject> extends InformerCache<T> implements IndexedInformer<T> {
  readonly kind: Kind<T>;
  readonly synced: Promise<void>;
  private readonly handlers: ((change: InformerChange<T>) => void)[] = [];
  private markSynced: () => void = () => undefined;

  constructor(kind: Kind<T>, { signal }: InformersOptions) {
    super();
    this.kind = kind;
    this.synced = new Promise((resolve, reject) => {
      const stop = (): void => reject(new Error(`stopped before ${kind.plural} were listed`));
      this.markSynced = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
    // Who waits for it hears of the rejection; that nobody waits is no failure.
    this.synced.catch(() => undefined);
  }

  onChange(handler: (change: InformerChange<T>) => void): void {
    this.handlers.push(handler);
    for (const current of this.list()) tell(handler, { previous: undefined, current });
  }

  override replace(objects: readonly T[]): InformerChange<T>[] {
    const changes = super.replace(objects);
    for (const change of changes) this.tellAll(change);
    this.markSynced();
    return changes;
  }

  apply({ type, object }: { type: "ADDED" | "MODIFIED" | "DELETED"; object: T }): void {
    const change = type === "DELETED" ? this.remove(object) : this.put(object);
    if (change) this.tellAll(change);
  }

  private tellAll(change: InformerChange<T>): void {
    for (const handler of this.handlers) tell(handler, change);
  }
}

/** A handler that throws is a programmer's error: the process ends, but the other handlers hear of the change. */
function tell<T>(handler: (change: InformerChange<T>) => void, change: InformerChange<T>): void {
  try {
    handler(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
