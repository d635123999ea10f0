import type { Kind } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { SharedLines } from "#client/transport";
import {
  decodeStored,
  deepFreeze,
  type StoredObject,
} from "#control-plane/apiserver/storage/codec";
import { collectionPrefix, kindPrefix, objectKey } from "#control-plane/apiserver/storage/keys";
import type { Change } from "#control-plane/store/store";
import { firstIndex } from "#kit/first-index";

/**
 * Every object of one kind, parsed and serialized side by side, and its newest events. Only the feed
 * (feed.ts) writes to it; readers get frozen objects.
 * Invariants:
 * - Events reach subscribers in revision order, each exactly once.
 * - `eventsAfter(r)` is complete for every r >= oldestRevision, otherwise it throws 410.
 * - `keys` is sorted; it holds exactly the keys of `entries`.
 */
export class WatchCache {
  readonly kind: Kind;
  readonly prefix: string;
  private readonly entries = new Map<string, StoredObject>();
  private keys: string[] = [];
  private ring: CacheEvent[] = [];
  /** Of the objects that `ring` holds, serialized. */
  private ringBytes = 0;
  private oldestRevision = 0;
  private readonly subscribers = new Set<Subscriber>();
  private readonly snapshots = new Map<number, readonly StoredObject[]>();
  /** Of objects that have been replaced since the first of `snapshots`. */
  private outdatedBytes = 0;
  /** The revision of the newest change of this kind. */
  lastChangeRevision = 0;

  constructor(kind: Kind) {
    this.kind = kind;
    this.prefix = kindPrefix(kind);
  }

  get size(): number {
    return this.entries.size;
  }

  get watchers(): number {
    return this.subscribers.size;
  }

  get(namespace: string | undefined, name: string): StoredObject | undefined {
    return this.entries.get(objectKey(this.kind, namespace, name));
  }

  /** In key order: by namespace, then by name. */
  *range(namespace: string | undefined, afterKey?: string): Generator<StoredObject> {
    const prefix = collectionPrefix(this.kind, namespace);
    let at = afterKey === undefined ? this.position(prefix) : this.position(afterKey);
    if (afterKey !== undefined && this.keys[at] === afterKey) at++;
    for (; at < this.keys.length; at++) {
      const key = this.keys[at] as string;
      if (!key.startsWith(prefix)) return;
      yield this.entries.get(key) as StoredObject;
    }
  }

  /** How many objects of the collection come after this key. Costs the same however many there are. */
  countAfter(namespace: string | undefined, key: string): number {
    const end = this.position(endOfPrefix(collectionPrefix(this.kind, namespace)));
    return Math.max(0, end - this.position(key) - (this.entries.has(key) ? 1 : 0));
  }

  /**
   * Keeps the present state, for pages of a list that began now: later ones must show it too, whatever is written
   * meanwhile. At a limit (so many, or so much that nobody else needs any more) it goes, and they are read from the store.
   */
  keepSnapshot(revision: number): void {
    if (!this.snapshots.has(revision)) this.snapshots.set(revision, this.list(undefined));
    const [oldest] = this.snapshots.keys();
    if (this.snapshots.size > SNAPSHOT_LIMIT && oldest !== undefined) this.snapshots.delete(oldest);
  }

  /** The objects of a collection after this key, as they were at the revision; undefined: it was not kept. */
  snapshotAfter(
    revision: number,
    namespace: string | undefined,
    key: string,
  ): readonly StoredObject[] | undefined {
    const kept = this.snapshots.get(revision);
    if (!kept) return undefined;
    // All namespaces are kept together: what comes before the collection is not its own.
    const prefix = collectionPrefix(this.kind, namespace);
    const start = firstIndex(kept, (stored) => stored.key > key && stored.key >= prefix);
    const end = endOfPrefix(prefix);
    return kept.slice(
      start,
      firstIndex(kept, (stored) => stored.key >= end),
    );
  }

  list(namespace: string | undefined): StoredObject[] {
    return [...this.range(namespace)];
  }

  subscribe(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    return () => this.subscribers.delete(subscriber);
  }

  /** Events with a revision greater than the one given. */
  eventsAfter(revision: number): readonly CacheEvent[] {
    if (revision < this.oldestRevision) {
      throw errors.expired(`too old resource version: ${revision} (${this.oldestRevision})`);
    }
    let low = 0;
    let high = this.ring.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ring[middle] as CacheEvent).revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.ring.slice(low);
  }

  /** Starts over from a list at a revision; who was watching is told to list again. */
  replace(objects: readonly StoredObject[], revision: number): void {
    this.dropSnapshots();
    this.entries.clear();
    for (const stored of objects) this.entries.set(stored.key, stored);
    this.keys = objects.map((stored) => stored.key);
    this.ring = [];
    this.ringBytes = 0;
    this.oldestRevision = revision;
    this.lastChangeRevision = revision;
    const former = [...this.subscribers];
    this.subscribers.clear();
    for (const subscriber of former) subscriber.cutOff();
  }

  apply(change: Change): void {
    const { key, modRevision } = change.keyValue;
    const previous = this.entries.get(key);
    if (previous && this.snapshots.size > 0) this.outdate(previous);
    if (change.type === "delete") {
      if (!previous) return;
      this.entries.delete(key);
      this.keys.splice(this.position(key), 1);
      this.emit(new CacheEvent("DELETED", atRevision(previous, modRevision), previous));
      return;
    }
    const stored = decodeStored(key, change.keyValue.value, modRevision);
    this.entries.set(key, stored);
    if (!previous) this.keys.splice(this.position(key), 0, key);
    this.emit(new CacheEvent(previous ? "MODIFIED" : "ADDED", stored, previous));
  }

  private outdate({ bytes }: StoredObject): void {
    this.outdatedBytes += bytes.byteLength;
    if (this.outdatedBytes > OUTDATED_LIMIT_BYTES) this.dropSnapshots();
  }

  private dropSnapshots(): void {
    this.snapshots.clear();
    this.outdatedBytes = 0;
  }

  private emit(event: CacheEvent): void {
    this.lastChangeRevision = event.revision;
    this.ring.push(event);
    this.ringBytes += event.current.bytes.byteLength;
    this.ring[this.ring.length - 1 - RING_LIMIT]?.forgetLines();
    const isFull = this.ring.length > this.ringLimit * 1.25 || this.ringBytes > RING_LIMIT_BYTES;
    if (isFull) this.dropOldest();
    for (const subscriber of this.subscribers) subscriber.push(event);
  }

  /** The more objects, the longer a list of them takes, and a watch must be able to go on from it. */
  private get ringLimit(): number {
    return Math.max(RING_LIMIT, this.entries.size >> 2);
  }

  /** Some more than must go, so that it is not needed again at the next event. The newest stays. */
  private dropOldest(): void {
    let dropped = 0;
    while (dropped < this.ring.length - 1) {
      const isTooLong = this.ring.length - dropped > this.ringLimit;
      if (!isTooLong && this.ringBytes <= RING_LIMIT_BYTES * 0.75) break;
      this.ringBytes -= (this.ring[dropped] as CacheEvent).current.bytes.byteLength;
      dropped++;
    }
    if (dropped === 0) return;
    this.oldestRevision = (this.ring[dropped - 1] as CacheEvent).revision;
    this.ring = this.ring.slice(dropped);
  }

  /** Where the key stands in `keys`, or would. */
  private position(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Lists in pages that are followed in memory, per kind. */
const SNAPSHOT_LIMIT = 4;
const OUTDATED_LIMIT_BYTES = 16 * 1024 * 1024;
/** Events kept per kind, at least, for watches that start in the past; older ones are answered with 410. */
export const RING_LIMIT = 4096;
/** And their size: large objects that change often must not take the process's memory. */
export const RING_LIMIT_BYTES = 64 * 1024 * 1024;

export interface Subscriber {
  push(event: CacheEvent): void;
  /** No more events come: the cache was rebuilt. Whoever wants to go on lists and subscribes again. */
  cutOff(): void;
}

export class CacheEvent implements SharedLines {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** For DELETED: the last state, with the revision of the delete. */
  readonly current: StoredObject;
  readonly previous: StoredObject | undefined;
  private cachedLine: Uint8Array | undefined;
  private linesByForm: Map<string, Uint8Array> | undefined;

  constructor(type: CacheEvent["type"], current: StoredObject, previous: StoredObject | undefined) {
    this.type = type;
    this.current = current;
    this.previous = previous;
  }

  get revision(): number {
    return this.current.revision;
  }

  /** The watch line, made once for all watchers. */
  get line(): Uint8Array {
    this.cachedLine ??= watchLine(this.type, this.current.bytes);
    return this.cachedLine;
  }

  /** The line of another form, made once for all watchers of that form. Ages in it are those of that moment. */
  lineAs(form: string, make: () => string): Uint8Array {
    this.linesByForm ??= new Map();
    let line = this.linesByForm.get(form);
    if (!line) this.linesByForm.set(form, (line = Buffer.from(`${make()}\n`)));
    return line;
  }

  /** They are made again for who still wants them. */
  forgetLines(): void {
    this.cachedLine = undefined;
    this.linesByForm = undefined;
  }
}

/** Sorts after every key of a collection: names are of printable ASCII. */
function endOfPrefix(prefix: string): string {
  return `${prefix}\u{FFFF}`;
}

export function watchLine(type: string, objectBytes: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from(`{"type":"${type}","object":`),
    objectBytes,
    Buffer.from("}\n"),
  ]);
}

/** The same object as seen by a later event, such as its deletion. */
export function atRevision(stored: StoredObject, revision: number): StoredObject {
  const metadata = { ...stored.object.metadata, resourceVersion: String(revision) };
  const object = { ...stored.object, metadata };
  deepFreeze(object);
  return { key: stored.key, revision, object, bytes: Buffer.from(JSON.stringify(object)) };
}
