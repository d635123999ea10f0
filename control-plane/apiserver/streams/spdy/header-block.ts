import { createInflate, type Inflate } from "node:zlib";
import { spdyDictionary } from "#control-plane/apiserver/streams/spdy/dictionary";

/** Names are lower case; a repeated header has its values joined by NUL. */
export type SpdyHeaders = ReadonlyMap<string, string>;

const maxCompressedBytes = 16 << 10;
const maxBytes = 64 << 10;

/** Reads the header blocks of one connection in order: they are one zlib stream, flushed after each block. */
export class HeaderReader {
  private readonly inflate: Inflate = createInflate({ dictionary: spdyDictionary });
  private failure: Error | undefined;

  constructor() {
    this.inflate.on("error", (error) => {
      this.failure = error;
    });
  }

  async read(block: Buffer): Promise<SpdyHeaders> {
    if (block.length > maxCompressedBytes) throw new Error("a SPDY header block is too large");
    const parts: Buffer[] = [];
    const collect = (part: Buffer): void => void parts.push(part);
    this.inflate.on("data", collect);
    await new Promise<void>((resolve, reject) => {
      this.inflate.once("error", reject);
      this.inflate.write(block, () => {
        this.inflate.off("error", reject);
        resolve();
      });
    });
    this.inflate.off("data", collect);
    if (this.failure) throw this.failure;
    const plain = Buffer.concat(parts);
    if (plain.length > maxBytes) throw new Error("SPDY headers are too large");
    return parse(plain);
  }

  close(): void {
    this.inflate.close();
  }
}

function parse(bytes: Buffer): SpdyHeaders {
  const headers = new Map<string, string>();
  let at = 0;
  const nextLength = (): number => {
    if (at + 4 > bytes.length) throw new Error("SPDY headers are cut short");
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const nextText = (): string => {
    const length = nextLength();
    if (at + length > bytes.length) throw new Error("SPDY headers are cut short");
    at += length;
    return bytes.toString("latin1", at - length, at);
  };
  const count = nextLength();
  for (let index = 0; index < count; index++) {
    const name = nextText();
    headers.set(name, nextText());
  }
  return headers;
}

/**
 * Writes header blocks as stored (uncompressed) deflate blocks: valid for any zlib reader, and without a
 * compressor's 256 kB of memory per connection for replies of a few bytes. Each ends with the empty block of
 * a sync flush: Go's reader hands the data out only when it meets that, and fails for good when it has to look
 * further.
 */
export class HeaderWriter {
  private isFirst = true;

  write(headers: SpdyHeaders): Buffer {
    const body = serialize(headers);
    const block = Buffer.alloc(5);
    block.writeUInt16LE(body.length, 1);
    block.writeUInt16LE(~body.length & 0xffff, 3);
    const zlibHeader = this.isFirst ? Buffer.from([0x78, 0x01]) : Buffer.alloc(0);
    this.isFirst = false;
    return Buffer.concat([zlibHeader, block, body, syncFlush]);
  }
}

const syncFlush = Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff]);

function serialize(headers: SpdyHeaders): Buffer {
  const texts = [...headers].flatMap(([name, value]) => [name.toLowerCase(), value]);
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text, "latin1");
    return [lengthWord(bytes.length), bytes];
  });
  const block = Buffer.concat([lengthWord(headers.size), ...parts]);
  if (block.length > 0xffff) throw new Error("SPDY headers to send are too large");
  return block;
}

function lengthWord(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
