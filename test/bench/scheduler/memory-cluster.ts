import { randomUUID } from "node:crypto";
import { priorityClassKind } from "#api/kinds/priority-class";
import type { Kind } from "#api/machinery/define-kind";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import { applyPatch } from "#api/machinery/patch";
import { errors } from "#api/machinery/status-error";
import type { Binding, Pod, PriorityClass } from "#api/schema/types";
import type { Client, Patch, Target } from "#client/client";
import type { InformerChange } from "#client/informer";
import { type IndexFunction, InformerCache } from "#client/informer-cache";
import type { IndexedInformer, Informers } from "#client/shared-informers";

/**
 * Owns a cluster's objects without an API server: every request is answered in memory, and what changed is
 * told to the informers in a later turn of the event loop, as a watch would.
 *
 * Invariants:
 * - Informers hear of changes in the order in which they were made.
 * - A deleted object is gone at once: there are no agents here that would stop it first.
 */
export class MemoryCluster {
  readonly informers: Informers;
  readonly client: Client;
  private readonly caches = new Map<string, unknown>();
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private revision = 1;
  private pending: (() => void)[] = [];

  constructor() {
    this.informers = {
      for: (kind) => this.informerOf(kind),
      synced: () => Promise.resolve(),
      stopped: () => Promise.resolve(),
    };
    this.client = this.createClient();
  }

  private createClient(): Client {
    const unused = (): never => {
      throw new Error("the cluster in memory does not answer this request");
    };
    return {
      get: (kind, name, namespace) => this.answer(() => this.find(kind, { name, namespace })),
      list: <T extends KubeObject>(kind: Kind<T>) =>
        this.answer(() => ({
          apiVersion: "v1",
          kind: `${kind.kind}List`,
          metadata: { resourceVersion: String(this.revision) },
          items: [...this.of(kind).values()] as T[],
        })),
      watch: unused,
      create: (kind, object) => this.answer(() => this.create(kind, object)),
      update: (kind, object) => this.answer(() => this.put(kind, object)),
      updateStatus: (kind, object) => this.answer(() => this.put(kind, object)),
      patch: (kind, target, patch) => this.answer(() => this.patch(kind, target, patch)),
      delete: (kind, target) => this.answer(() => this.remove(kind, target)),
      createSubresource: <R>(kind: Kind, target: Target & { subresource: string }, body: unknown) =>
        this.answer(() => this.subresource(kind, target, body) as R),
      raw: unused,
    };
  }

  /** In the next turn, after the informers have heard what changed. */
  private answer<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        const result = work();
        this.later(() => resolve(result));
      } catch (error) {
        this.later(() => reject(error));
      }
    });
  }

  private later(act: () => void): void {
    if (this.pending.push(act) > 1) return;
    setImmediate(() => {
      const acts = this.pending;
      this.pending = [];
      for (const one of acts) one();
    });
  }

  private create<T extends KubeObject>(kind: Kind<T>, object: T): T {
    // Nobody reads events here; keeping them would be what is measured.
    if (kind.kind === "Event") return object;
    const { generateName = "" } = object.metadata;
    const name = object.metadata.name || `${generateName}${this.revision}`;
    const draft: T = { ...object, metadata: { ...object.metadata, name, uid: randomUUID() } };
    const { metadata } = draft;
    if (kind.isNamespaced) metadata.namespace ??= "default";
    if (kind.hasGeneration) metadata.generation = 1;
    metadata.creationTimestamp = new Date().toISOString();
    if (this.of(kind).has(keyOf(draft))) throw errors.alreadyExists(kind, metadata.name);
    if (isPod(draft)) this.resolvePriority(draft);
    kind.setDefaults(draft);
    return this.put(kind, draft);
  }

  private resolvePriority(pod: Pod): void {
    const { priorityClassName } = pod.spec;
    const found = priorityClassName && this.of(priorityClassKind).get(priorityClassName);
    pod.spec = { ...pod.spec, priority: found ? (found as PriorityClass).value : 0 };
  }

  private put<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const key = keyOf(object);
    const objects = this.of(kind);
    const previous = objects.get(key) as T | undefined;
    const metadata = { ...object.metadata, resourceVersion: String(++this.revision) };
    const current = { ...object, metadata };
    objects.set(key, current);
    this.tell(kind, { previous, current });
    return current;
  }

  private patch<T extends KubeObject>(kind: Kind<T>, target: Target, patch: Patch): T {
    if (patch.type === "apply") throw new Error("the cluster in memory knows no server-side apply");
    const current = this.find(kind, target);
    return this.put(kind, applyPatch(patch.type, kind.schema, current, patch.body));
  }

  private remove(kind: Kind, target: Target): void {
    const previous = this.find(kind, target);
    this.of(kind).delete(keyOf(previous));
    this.tell(kind, { previous, current: undefined });
  }

  private subresource(
    kind: Kind,
    target: Target & { subresource: string },
    body: unknown,
  ): unknown {
    if (target.subresource === "eviction") return this.remove(kind, target);
    const pod = this.find(kind, target) as Pod;
    if (pod.spec.nodeName) throw errors.modified(kind, target.name);
    const spec = { ...pod.spec, nodeName: (body as Binding).target.name };
    const conditions = [{ type: "PodScheduled", status: "True" }];
    return this.put(kind, { ...pod, spec, status: { ...pod.status, conditions } } as KubeObject);
  }

  private find<T extends KubeObject>(
    kind: Kind<T>,
    target: { name: string; namespace?: string | undefined },
  ): T {
    const { name, namespace } = target;
    const found = this.of(kind).get(kind.isNamespaced ? `${namespace ?? "default"}/${name}` : name);
    if (!found) throw errors.notFound(kind, name);
    return found as T;
  }

  private tell<T extends KubeObject>(kind: Kind<T>, change: InformerChange<T>): void {
    this.later(() => this.informerOf(kind).deliver(change));
  }

  private of(kind: Kind): Map<string, KubeObject> {
    return entryOf(this.objects, kind.plural, () => new Map<string, KubeObject>());
  }

  private informerOf<T extends KubeObject>(kind: Kind<T>): MemoryInformer<T> {
    return entryOf(this.caches, kind.plural, () => new MemoryInformer(kind)) as MemoryInformer<T>;
  }
}

class MemoryInformer<T extends KubeObject> extends InformerCache<T> implements IndexedInformer<T> {
  readonly kind: Kind<T>;
  readonly synced = Promise.resolve();
  private readonly handlers: ((change: InformerChange<T>) => void)[] = [];

  constructor(kind: Kind<T>) {
    super();
    this.kind = kind;
  }

  onChange(handler: (change: InformerChange<T>) => void): void {
    this.handlers.push(handler);
    for (const current of this.list()) handler({ previous: undefined, current });
  }

  deliver({ previous, current }: InformerChange<T>): void {
    const change = current ? this.put(current) : previous && this.remove(previous);
    if (change) for (const handler of this.handlers) handler(change);
  }

  override addIndex(name: string, valuesOf: IndexFunction<T>): void {
    super.addIndex(name, valuesOf);
  }
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === "Pod";
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
