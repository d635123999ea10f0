import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";
import { tarOf } from "#runtime/images/snapshots/tar-fixtures";
import type { ImageOffer } from "#runtime/runtime";
import { eventually } from "#test/support/host";

let directory: string;
let giver: ImageStore;
let taker: ImageStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kaji-transfer-"));
  giver = open("giver");
  taker = open("taker");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (name: string): ImageStore =>
  createImageStore({ root: join(directory, name), log: silentLog, clock: systemClock });

async function importTar(store: ImageStore, name: string, content: string): Promise<void> {
  const stream = Readable.from([gzipSync(await tarOf([{ name: "etc/name", content }]))]);
  await store.import({ stream }, { reference: name, config: { Cmd: ["/run"] } });
}

async function offered(store: ImageStore, name: string): Promise<ImageOffer> {
  const offer = await store.transfer.offer(name, store.transfer.platform);
  if (!offer) throw new Error(`${name} is not offered`);
  return offer;
}

async function archiveOf(offer: ImageOffer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of giver.transfer.archive(offer)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inPieces(bytes: Buffer, size = 4096): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Nothing came in, and nothing of it was left. */
async function expectNothing(store: ImageStore): Promise<void> {
  expect(await store.list()).toEqual([]);
  expect(readdirSync(join(store.root, "tmp"))).toEqual([]);
  expect(readdirSync(join(store.root, "blobs/sha256"))).toEqual([]);
}

describe("an image that goes from one host to another", () => {
  test("is the same there, under the name that was asked for, and is offered from there too", async () => {
    await importTar(giver, "app:1", "one");
    const offer = await offered(giver, "app:1");
    const image = await taker.transfer.receive("app:1", offer, giver.transfer.archive(offer));
    expect(image).toMatchObject({
      id: (await giver.status("app:1"))?.id,
      references: ["docker.io/library/app:1"],
      repoDigests: [],
    });
    expect(readdirSync(join(taker.root, "tmp"))).toEqual([]);
    expect(await offered(taker, "app:1")).toEqual(offer);
  });

  test("has its newest name's time, and takes the name from the older one", async () => {
    await importTar(giver, "app:1", "old");
    const old = await offered(giver, "app:1");
    await taker.transfer.receive("app:1", old, giver.transfer.archive(old));
    await importTar(giver, "app:1", "new");
    const offer = await offered(giver, "app:1");
    expect(offer.digest).not.toBe(old.digest);
    expect(offer.namedAtMs).toBeGreaterThanOrEqual(old.namedAtMs);
    const image = await taker.transfer.receive("app:1", offer, giver.transfer.archive(offer));
    expect((await taker.status("app:1"))?.id).toBe(image.id);
  });

  test("is offered by name only, and for its platform only", async () => {
    await importTar(giver, "app:1", "one");
    const { platform } = giver.transfer;
    const id = (await giver.status("app:1"))?.id ?? "";
    expect(await giver.transfer.offer("app:2", platform)).toBeUndefined();
    expect(await giver.transfer.offer(id, platform)).toBeUndefined();
    expect(await giver.transfer.offer("app:1", "linux/other")).toBeUndefined();
  });

  test("is refused with any byte of its blobs altered, and leaves nothing", async () => {
    await importTar(giver, "app:1", "one".repeat(2000));
    const offer = await offered(giver, "app:1");
    const whole = await archiveOf(offer);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const altered = Buffer.from(whole);
          altered[at] = (altered[at] ?? 0) ^ by;
          const store = open(`altered-${at}-${by}`);
          // Padding and index.json carry nothing that is used: then the image is what it was.
          const id = await store.transfer.receive("app:1", offer, inPieces(altered)).then(
            (image) => image.id,
            () => undefined,
          );
          if (id === undefined) await expectNothing(store);
          else expect(id).toBe((await giver.status("app:1"))?.id);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("is refused when another image comes than was promised", async () => {
    await importTar(giver, "app:1", "one");
    await importTar(giver, "app:2", "two");
    const [one, two] = [await offered(giver, "app:1"), await offered(giver, "app:2")];
    const receiving = taker.transfer.receive("app:1", one, giver.transfer.archive(two));
    await expect(receiving).rejects.toThrow("which its manifest does not name");
    await expectNothing(taker);
  });

  test("leaves nothing when it breaks off, wherever that is", async () => {
    await importTar(giver, "app:1", "one".repeat(2000));
    const offer = await offered(giver, "app:1");
    const whole = await archiveOf(offer);
    for (let end = 0; end < whole.length - 2048; end += 700) {
      const ending = taker.transfer.receive("app:1", offer, inPieces(whole.subarray(0, end)));
      await expect(ending, `cut at ${end}`).rejects.toThrow();
      const failing = taker.transfer.receive("app:1", offer, breakingAt(whole, end));
      await expect(failing, `broken at ${end}`).rejects.toThrow("the cable is cut");
      await expectNothing(taker);
    }
  });

  test("keeps no file open where nobody reads it to the end", async () => {
    await importTar(giver, "app:1", randomBytes(1 << 20).toString("hex"));
    const offer = await offered(giver, "app:1");
    for (const pieces of [1, 2, 3, 5, 9]) {
      let read = 0;
      for await (const _ of giver.transfer.archive(offer)) if (++read === pieces) break;
    }
    await eventually("all blobs are closed", () => openFiles(giver.root).length === 0);
  });

  test("is refused when it is larger than was announced, or than the disk", async () => {
    await importTar(giver, "app:1", "one");
    const offer = await offered(giver, "app:1");
    const tooMuch = { ...offer, sizeBytes: Number.MAX_SAFE_INTEGER / 4 };
    await expect(
      taker.transfer.receive("app:1", tooMuch, giver.transfer.archive(offer)),
    ).rejects.toThrow("bytes of disk and");
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield* giver.transfer.archive(offer);
      for (;;) yield Buffer.alloc(1 << 20);
    }
    await expect(taker.transfer.receive("app:1", offer, endless())).rejects.toThrow();
    await expectNothing(taker);
  });
});

async function* breakingAt(bytes: Buffer, end: number): AsyncGenerator<Uint8Array> {
  yield* inPieces(bytes.subarray(0, end));
  throw new Error("the cable is cut");
}

function openFiles(root: string): string[] {
  const paths = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(join("/proc/self/fd", fd));
    } catch {
      return ""; // closed while we looked
    }
  });
  return paths.filter((path) => path.startsWith(root));
}
