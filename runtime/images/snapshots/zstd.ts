import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import * as zlib from "node:zlib";
import { splitFrames } from "#runtime/images/snapshots/zstd-frames";
import { RuntimeError } from "#runtime/runtime";

/**
 * zstd for layers. Node >= 22.15 streams it; on Node 20 the WebAssembly build decodes a frame at a time in a
 * worker thread, so that the agent's loop goes on, and a frame is bounded because it is held in memory.
 */
export const MAX_ZSTD_FRAME_BYTES = 1024 * 1024 * 1024;

type Decompressor = () => NodeJS.ReadWriteStream;

export function decompressZstd(source: AsyncIterable<Uint8Array>): Readable {
  const native = (zlib as unknown as { createZstdDecompress?: Decompressor }).createZstdDecompress;
  if (native) return Readable.from(Readable.from(source).pipe(native()));
  return Readable.from(decodeFrames(source), { objectMode: false });
}

/** The worker is plain JavaScript in a string: it loads the same whether we run from source or bundled. */
const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const zstd = require(workerData.modulePath);
const ready = zstd.init();
parentPort.on("message", async ({ frame, boundBytes }) => {
  try {
    await ready;
    const bytes = zstd.decompress(frame, { defaultHeapSize: boundBytes });
    parentPort.postMessage({ bytes }, [bytes.buffer]);
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});`;

async function* decodeFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const modulePath = createRequire(import.meta.url).resolve("@bokuweb/zstd-wasm");
  const worker = new Worker(workerSource, { eval: true, workerData: { modulePath } });
  try {
    for await (const { frame, boundBytes } of splitFrames(source, MAX_ZSTD_FRAME_BYTES)) {
      yield await decodeFrame(worker, frame, boundBytes);
    }
  } finally {
    await worker.terminate();
  }
}

function decodeFrame(worker: Worker, frame: Uint8Array, boundBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const settle = (answer: { bytes?: Uint8Array; error?: string }): void => {
      worker.off("error", reject);
      if (answer.bytes) resolve(answer.bytes);
      else reject(new RuntimeError("ErrImagePull", `a zstd layer cannot be read: ${answer.error}`));
    };
    worker.once("error", reject);
    worker.once("message", settle);
    worker.postMessage({ frame, boundBytes });
  });
}
