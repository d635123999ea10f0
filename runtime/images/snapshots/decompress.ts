import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { decompressZstd } from "#runtime/images/snapshots/zstd";

/**
 * The tar inside a layer blob. The first bytes decide, not the media type: registries hold layers whose type
 * and content differ, and the diff id checks the result anyway.
 */
export async function decompressLayer(source: Readable): Promise<Readable> {
  const { head, rest } = await readHead(source, 4);
  const whole = join(head, rest);
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) {
    const out = createGunzip({ chunkSize: 256 * 1024 });
    pipeline(Readable.from(whole, { objectMode: false }), out, () => undefined); // the reader of `out` sees the error
    return out;
  }
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return decompressZstd(whole);
  return Readable.from(whole, { objectMode: false });
}

async function readHead(
  source: Readable,
  bytes: number,
): Promise<{ head: Buffer; rest: AsyncIterator<Buffer> }> {
  const rest = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < bytes) {
    const next = await rest.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, rest };
}

async function* join(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
