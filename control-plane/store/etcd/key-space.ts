import type { KeyValue } from "#control-plane/store/store";
import type { EtcdKeyValue } from "#proto/etcd";

const ZERO = Buffer.from([0]);

/** A range in etcd's terms: from `key` on, before `rangeEnd`. */
export interface KeyRange {
  readonly key: Buffer;
  readonly rangeEnd: Buffer;
}

/** Everything there is, of whatever prefix. */
export const ALL_KEYS: KeyRange = { key: ZERO, rangeEnd: ZERO };

/** Where the store's keys lie among etcd's: behind a prefix of their own. */
export class KeySpace {
  private readonly prefix: string;
  private readonly prefixBytes: number;

  constructor(prefix: string) {
    this.prefix = prefix;
    this.prefixBytes = Buffer.byteLength(prefix);
  }

  toEtcd(key: string): Buffer {
    return Buffer.from(this.prefix + key);
  }

  fromEtcd(key: Uint8Array | undefined): string {
    return bufferOf(key).toString("utf8", this.prefixBytes);
  }

  /** Keys that start with the prefix and come after `after`. */
  range(prefix: string, after?: string): KeyRange {
    const start = this.toEtcd(prefix);
    const beyond = after === undefined ? start : Buffer.concat([this.toEtcd(after), ZERO]);
    const key = Buffer.compare(beyond, start) > 0 ? beyond : start;
    return { key: key.length > 0 ? key : ZERO, rangeEnd: successorOf(start) };
  }

  toKeyValue(found: EtcdKeyValue): KeyValue {
    const keyValue = {
      key: this.fromEtcd(found.key),
      value: found.value ?? new Uint8Array(),
      createRevision: found.createRevision ?? 0,
      modRevision: found.modRevision ?? 0,
      version: found.version ?? 0,
    };
    return found.lease ? { ...keyValue, lease: leaseName(found.lease) } : keyValue;
  }
}

/** As etcdctl writes them. */
export function leaseName(id: number): string {
  return id.toString(16).padStart(16, "0");
}

/** undefined: not the name of any lease. */
export function leaseId(name: string): number | undefined {
  return /^[0-9a-f]{16}$/.test(name) ? Number.parseInt(name, 16) : undefined;
}

/** A view, not a copy. */
export function bufferOf(bytes: Uint8Array | undefined): Buffer {
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
}

/** The first key that does not start with the prefix. UTF-8 has no byte 0xff, so the last one can grow. */
function successorOf(prefix: Buffer): Buffer {
  if (prefix.length === 0) return ZERO;
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  end[last] = (end[last] as number) + 1;
  return end;
}
