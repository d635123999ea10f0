import { RuntimeError } from "#runtime/runtime";

/**
 * Cuts a zstd stream into frames by their headers alone (RFC 8878, section 3), and bounds what each decodes to:
 * a block gives at most 128 KiB, so the number of blocks is enough when the frame does not say its size.
 */
export interface ZstdFrame {
  readonly frame: Uint8Array;
  /** The frame decodes to at most this. */
  readonly boundBytes: number;
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_BLOCK_BYTES = 128 * 1024;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

export async function* splitFrames(
  source: AsyncIterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<ZstdFrame> {
  const input = createCursor(source, limitBytes);
  while (await input.has(4)) {
    const magic = input.peek().readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      await need(input, 8);
      const bytes = input.peek().readUInt32LE(4);
      await need(input, 8 + bytes);
      input.take(8 + bytes);
      continue;
    }
    if (magic !== FRAME_MAGIC) throw corrupt("it does not begin with a zstd frame");
    yield await readFrame(input, limitBytes);
  }
  if (await input.has(1)) throw corrupt("bytes follow the last frame");
}

async function readFrame(input: Cursor, limitBytes: number): Promise<ZstdFrame> {
  const header = await readHeader(input);
  let at = header.bytes;
  let boundBytes = 0;
  for (let isLast = false; !isLast; ) {
    await need(input, at + 3);
    const block = input.peek().readUIntLE(at, 3);
    isLast = (block & 1) === 1;
    const type = (block >> 1) & 3;
    const size = block >> 3;
    if (type === RESERVED_BLOCK) throw corrupt("a block has a reserved type");
    boundBytes += type < 2 ? size : MAX_BLOCK_BYTES;
    if (boundBytes > limitBytes) throw corrupt(`a frame decodes to more than ${limitBytes} bytes`);
    at += 3 + (type === RLE_BLOCK ? 1 : size);
    await need(input, at);
  }
  at += header.hasChecksum ? 4 : 0;
  await need(input, at);
  if (header.contentBytes !== undefined && header.contentBytes > boundBytes) {
    throw corrupt("a frame claims more content than its blocks can hold");
  }
  return { frame: input.take(at), boundBytes: Math.max(1, boundBytes) };
}

async function readHeader(
  input: Cursor,
): Promise<{ bytes: number; hasChecksum: boolean; contentBytes: number | undefined }> {
  await need(input, 5);
  const descriptor = input.peek().readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag;
  const start = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  await need(input, start + sizeBytes);
  return {
    bytes: start + sizeBytes,
    hasChecksum: (descriptor & 4) !== 0,
    contentBytes: sizeBytes === 0 ? undefined : readSize(input.peek(), start, sizeBytes),
  };
}

function readSize(bytes: Buffer, at: number, width: number): number {
  if (width === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, width) + (width === 2 ? 256 : 0);
}

interface Cursor {
  has(bytes: number): Promise<boolean>;
  peek(): Buffer;
  take(bytes: number): Uint8Array;
}

/** Bytes of a stream, kept until taken; at most `limitBytes` of them. */
function createCursor(source: AsyncIterable<Uint8Array>, limitBytes: number): Cursor {
  const iterator = source[Symbol.asyncIterator]();
  let storage = Buffer.alloc(1024 * 1024);
  let start = 0;
  let end = 0;
  const append = (chunk: Uint8Array): void => {
    if (end + chunk.length > storage.length) {
      const grown = Buffer.alloc(Math.max(storage.length, 2 * (end - start + chunk.length)));
      storage.copy(grown, 0, start, end);
      storage = grown;
      end -= start;
      start = 0;
    }
    storage.set(chunk, end);
    end += chunk.length;
  };
  return {
    async has(bytes) {
      if (bytes > limitBytes) throw corrupt(`a frame is larger than ${limitBytes} bytes`);
      while (end - start < bytes) {
        const next = await iterator.next();
        if (next.done) return false;
        append(next.value);
      }
      return true;
    },
    peek: () => storage.subarray(start, end),
    take(bytes) {
      const taken = Uint8Array.prototype.slice.call(storage, start, start + bytes);
      start += bytes;
      return taken;
    },
  };
}

async function need(input: Cursor, bytes: number): Promise<void> {
  if (!(await input.has(bytes))) throw corrupt("it ends in the middle of a frame");
}

function corrupt(why: string): RuntimeError {
  return new RuntimeError("ErrImagePull", `a zstd layer cannot be read: ${why}`);
}
