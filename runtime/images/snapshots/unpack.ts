import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Extract, Header, Pack } from "tar-stream";
import type { Digest } from "#runtime/images/digest";
import { drained } from "#runtime/images/drained";
import { capabilityFlag, extractTar, packTar } from "#runtime/images/file-capabilities";
import {
  createLayerRewrite,
  type LayerRewrite,
  type TarHeader,
} from "#runtime/images/snapshots/rewrite";
import { RuntimeError } from "#runtime/runtime";

/**
 * Unpacks one layer into a directory that can be an overlay lower. This process only reads headers and rewrites
 * them (rewrite.ts); the writing is done by one GNU tar (an essential package of Debian), a separate process
 * that also makes devices and extended attributes, which Node cannot. tar gets no path that leaves the
 * directory, and refuses ".." and absolute names by itself as a second fence.
 */
export interface UnpackResult {
  readonly diffId: Digest;
  readonly opaque: readonly string[];
  readonly bytes: number;
  readonly entries: number;
}

/** A layer that unpacks to more is refused while it is written. */
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;
const MAX_STDERR_BYTES = 4096;

export async function unpackLayer(options: {
  /** The uncompressed tar. */
  readonly tar: Readable;
  readonly target: string;
  readonly maxBytes?: number;
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
}): Promise<UnpackResult> {
  const hash = createHash("sha256");
  const rewrite = createLayerRewrite(options.maxEntries);
  const out = packTar({ highWaterMark: 1024 * 1024 });
  const writer = startTar(options.target, out, options.signal);
  try {
    const bytes = await rewriteEntries({
      tar: options.tar,
      onBytes: (chunk) => void hash.update(chunk),
      rewrite,
      writer,
      maxBytes: options.maxBytes ?? MAX_UNPACKED_BYTES,
    });
    for (const header of rewrite.finish()) await writer.put(header);
    out.finalize();
    await writer.done;
    return {
      diffId: `sha256:${hash.digest("hex")}`,
      opaque: rewrite.opaque,
      bytes,
      entries: rewrite.entries,
    };
  } catch (error) {
    out.destroy();
    writer.kill();
    // tar's own complaint comes first when it ended by itself: our write error is only its echo.
    const complaint = await writer.done.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    throw complaint instanceof RuntimeError && !(error instanceof RuntimeError) ? complaint : error;
  }
}

async function rewriteEntries(options: {
  tar: Readable;
  onBytes: (chunk: Uint8Array) => void;
  rewrite: LayerRewrite;
  writer: TarProcess;
  maxBytes: number;
}): Promise<number> {
  const { tar, rewrite, writer } = options;
  const input = extractTar();
  let total = 0;
  const feeding = feed(tar, input, options.onBytes);
  try {
    for await (const entry of input) {
      const { headers, hasContent } = rewrite.entry(entry.header as TarHeader);
      const last = headers.at(-1);
      for (const header of headers.slice(0, -1)) await writer.put(header);
      total += hasContent ? (last?.size ?? 0) : 0;
      if (total > options.maxBytes) {
        throw new RuntimeError(
          "ErrImagePull",
          `the layer unpacks to more than ${options.maxBytes} bytes`,
        );
      }
      if (!last) entry.resume();
      else if (hasContent && (last.size ?? 0) > 0) await writer.put(last, chunksOf(entry));
      else {
        await writer.put(last);
        entry.resume();
      }
    }
    await feeding;
    return total;
  } catch (error) {
    input.destroy();
    tar.destroy();
    await feeding.catch(() => undefined); // its error, if any, is the one being thrown
    throw error instanceof RuntimeError
      ? error
      : new RuntimeError(
          "ErrImagePull",
          `the layer is not a readable tar: ${String((error as Error).message)}`,
          {
            cause: error,
          },
        );
  }
}

/** Hashes and hands over every byte, also those after the end of the archive. */
async function feed(
  tar: Readable,
  input: Extract,
  onBytes: (chunk: Uint8Array) => void,
): Promise<void> {
  try {
    for await (const chunk of chunksOf(tar)) {
      onBytes(chunk);
      if (!input.write(chunk)) await drained(input);
    }
    input.end(null);
  } catch (error) {
    input.destroy(error as Error);
    throw error;
  }
}

/** tar-stream's streams are streamx's, which Node's types do not know. */
function chunksOf(stream: unknown): AsyncIterable<Uint8Array> {
  return stream as AsyncIterable<Uint8Array>;
}

interface TarProcess {
  put(header: TarHeader, content?: AsyncIterable<Uint8Array>): Promise<void>;
  /** When tar has ended; a complaint of tar's is the error. */
  readonly done: Promise<void>;
  kill(): void;
}

function startTar(target: string, input: Pack, signal: AbortSignal | undefined): TarProcess {
  const child = spawn("tar", ["-x", "-p", "-f", "-", "-C", target, ...tarFlags], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
    ...(signal ? { signal } : {}),
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (stderr.length < MAX_STDERR_BYTES) stderr += chunk.toString();
  });
  child.stdin.on("error", () => input.destroy()); // tar has gone: its exit code and stderr say why
  const done = new Promise<void>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        new RuntimeError("ErrImagePull", `cannot unpack the layer: ${cause.message}`, { cause }),
      ),
    );
    child.once("close", (code) => {
      if (code === 0) return resolve();
      input.destroy();
      const why = stderr.trim().split("\n")[0] || `tar ended with ${code ?? "a signal"}`;
      reject(new RuntimeError("ErrImagePull", `cannot unpack the layer: ${why}`));
    });
  });
  done.catch(() => undefined); // awaited by the caller in every path
  input.pipe(child.stdin);
  return {
    done,
    kill: () => void child.kill("SIGKILL"),
    async put(header, content) {
      if (child.stdin.writableNeedDrain) await drained(child.stdin);
      if (!content) return void input.entry(header as Header, "");
      const sink = input.entry(header as Header);
      const ended = new Promise<void>((resolve) => sink.once("close", resolve));
      for await (const chunk of content) {
        if (!sink.write(chunk) && !sink.destroyed) await drained(sink);
        if (sink.destroyed) throw new Error("tar stopped reading");
      }
      sink.end(null);
      await ended;
    },
  };
}

const tarFlags = [
  "--numeric-owner",
  "--same-owner",
  "--no-selinux",
  "--xattrs",
  "--xattrs-include=trusted.overlay.opaque",
  capabilityFlag,
  "--warning=no-timestamp",
];
