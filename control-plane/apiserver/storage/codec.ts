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
  const field = Buffer.from(`"resourceVersion":"${revision}",`);
  return Buffer.concat([buffer.subarray(0, at), field, buffer.subarray(at)]);
}

export function decodeStored(key: string, encoded: Uint8Array, revision: number): StoredObject {
  const own = ownWrites.get(encoded);
  if (!own) return parseStored(key, encoded, revision);
  if (own.stored?.revision === revision) return own.stored;
  const metadata = { ...own.object.metadata, resourceVersion: String(revision) };
  const object = { ...own.object, metadata };
  settle(object);
  own.stored = { key, revision, object, bytes: withRevision(encoded, revision) };
  return own.stored;
}

function parseStored(key: string, encoded: Uint8Array, revision: number): StoredObject {
  const bytes = withRevision(encoded, revision);
  const object = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  );
  return { key, revision, object: deepFreeze(object) as KubeObject, bytes };
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
