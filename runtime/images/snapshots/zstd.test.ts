import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { compress, init } from "@bokuweb/zstd-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { decompressZstd } from "#runtime/images/snapshots/zstd";
import { splitFrames } from "#runtime/images/snapshots/zstd-frames";

beforeAll(() => init());

async function decode(bytes: Uint8Array, chunkBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    chunks.push(Buffer.from(bytes.subarray(at, at + chunkBytes)));
  const out: Buffer[] = [];
  for await (const chunk of decompressZstd(Readable.from(chunks)) as AsyncIterable<Buffer>)
    out.push(chunk);
  return Buffer.concat(out);
}

describe("zstd", () => {
  test("decodes several frames with a skippable one between them, however the bytes arrive", async () => {
    const first = randomBytes(300_000);
    const second = Buffer.alloc(1_000_000, 7);
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const bytes = Buffer.concat([compress(first), skippable, compress(second)]);
    for (const size of [7, 4096, bytes.length]) {
      expect(
        (await decode(bytes, size === 7 ? 1000 : size)).equals(Buffer.concat([first, second])),
      ).toBe(true);
    }
  });

  test("refuses what is cut short, what is not zstd and what decodes to more than the limit", async () => {
    const bytes = compress(Buffer.alloc(10_000_000));
    await expect(decode(bytes.subarray(0, bytes.length - 3), 4096)).rejects.toThrow(
      "ends in the middle of a frame",
    );
    await expect(decode(Buffer.from("not zstd at all"), 4)).rejects.toThrow(
      "does not begin with a zstd frame",
    );
    const frames = splitFrames(Readable.from([bytes]), 1_000_000);
    await expect(frames.next()).rejects.toThrow("decodes to more than 1000000 bytes");
  });
});
