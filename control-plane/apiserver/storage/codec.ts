import type { KubeObject } from "#api/machinery/meta";

/**
 * How objects lie in the store: JSON with kind, apiVersion and metadata first and without resourceVersion,
 * which is the revision of the write and so unknown before it.
 * Invariant: `withRevision(encode(o), r)` are the bytes that every reader of revision r is sent; an object
 * is stringified once, when it is written.
 */
export interface StoredObject {
  readonly key: string;
  readonly revision: number;
  /** Frozen all the way down; shared by everyone in this process. */
  readonly object: KubeObject;
  /** The same, serialized. */
  readonly bytes: Uint8Array;
}

const METADATA_START = Buffer.from('"metadata":{');

/**
 * What was encoded here, by its bytes. An embedded store hands the very bytes of a write to the watch, so that our own
 * writes are not parsed again, and the writer and the watch cache share one object.
 */
const ownWrites = new WeakMap<Uint8Array, { readonly object: KubeObject; stored?: StoredObject }>();

/** Caller must: not change the object once the bytes are written. */
export function encodeObject(object: KubeObject): Uint8Array {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, ...stored } = metadata;
  const encoded = Buffer.from(JSON.stringify({ kind, apiVersion, metadata: stored, ...rest }));
  ownWrites.set(encoded, { object });
  return encoded;
}

/** Freezes JSON data all the way down, without the undefined properties that JSON does not carry. */
function settle(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  const container = value as Record<string, unknown>;
  for (const key in container) {
    const inner = container[key];
    if (inner === undefined) delete container[key];
    else settle(inner);
  }
  Object.freeze(value);
}

/** Puts the resourceVersion into encoded bytes without parsing them. */
export function withRevision(encoded: Uint8Array, revision: number): Uint8Array {
  const buffer = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const at = buffer.indexOf(METADATA_START) + METADATA_START.length;
  const field = `"resourceVersion":"${revision}",`;
  const whole = lastingBytes(buffer.length + field.length);
  buffer.copy(whole, 0, 0, at);
  whole.write(field, at, "latin1");
  buffer.copy(whole, at + field.length, at);
  return whole;
}

/**
 * Room for bytes that live as long as an object. Small ones share a slab, as in Node's own pool, but with their like
 * alone: bytes of a moment between them would be kept as long.
 */
function lastingBytes(length: number): Buffer {
  if (length > SLAB_BYTES / 4) return Buffer.allocUnsafeSlow(length);
  if (slabUsed + length > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += length;
  return slab.subarray(start, slabUsed);
}

/** What is long gone may be kept by one neighbour that lives: a few objects' worth, no more. */
const SLAB_BYTES = 16 * 1024;
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabUsed = 0;

export function decodeStored(key: string, encoded: Uint8Array, revision: number): StoredObject {
  const own = ownWrites.get(encoded);
  if (!own) return parseStored(key, encoded, revision);
  if (own.stored?.revision === revision) return own.stored;
  const metadata = { ...own.object.metadata, resourceVersion: String(revision) };
  const object = { ...own.object, metadata };
  shareRepeated(object);
  settle(object);
  own.stored = { key, revision, object, bytes: withRevision(encoded, revision) };
  return own.stored;
}

function parseStored(key: string, encoded: Uint8Array, revision: number): StoredObject {
  const bytes = withRevision(encoded, revision);
  const object = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  );
  shareRepeated(object);
  return { key, revision, object: deepFreeze(object) as KubeObject, bytes };
}

/**
 * Who owns which fields is said on each object, in more values than the object itself has, and is the same on all that
 * one client wrote alike: those share one. Hundreds of thousands of small objects take half as much.
 */
function shareRepeated(object: KubeObject): void {
  object.apiVersion = shared(object.apiVersion);
  object.kind = shared(object.kind);
  for (const entry of object.metadata.managedFields ?? []) {
    if (Object.isFrozen(entry)) continue;
    entry.apiVersion = shared(entry.apiVersion);
    entry.manager = shared(entry.manager);
    entry.fieldsV1 = sharedFields(entry.fieldsV1);
  }
}

/** Characters, over both maps. They are forgotten as a whole when full: what is in use stays in use. */
const SHARED_LIMIT = 4 * 1024 * 1024;
/** What is longer is seldom the same on two objects, and here would be kept when its own is long deleted. */
const SHARED_LENGTH = 4096;
let sharedLength = 0;
const sharedTexts = new Map<string, string>();
const sharedFieldSets = new Map<string, object>();

function shared<T extends string | undefined>(text: T): T {
  if (text === undefined || text.length > SHARED_LENGTH) return text;
  const known = sharedTexts.get(text);
  if (known !== undefined) return known as T;
  makeRoomFor(text);
  sharedTexts.set(text, text);
  return text;
}

function sharedFields<T extends object | undefined>(fields: T): T {
  if (fields === undefined) return fields;
  const text = JSON.stringify(fields);
  if (text.length > SHARED_LENGTH) return fields;
  const known = sharedFieldSets.get(text);
  if (known) return known as T;
  makeRoomFor(text);
  sharedFieldSets.set(text, deepFreeze(fields) as object);
  return fields;
}

function makeRoomFor({ length }: string): void {
  sharedLength += length;
  if (sharedLength <= SHARED_LIMIT) return;
  sharedTexts.clear();
  sharedFieldSets.clear();
  sharedLength = length;
}

export function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** A deep copy of JSON data; several times faster than structuredClone for small objects. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) copy[key] = cloneJson(inner);
  }
  return copy as T;
}
