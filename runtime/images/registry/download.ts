import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { type Clock, sleep } from "#kit/clock";
import type { ContentStore, Ingest } from "#runtime/images/content";
import type { Descriptor } from "#runtime/images/oci";
import type { RegistryClient } from "#runtime/images/registry/client";
import { RuntimeError } from "#runtime/runtime";

/** Attempts that brought no byte; one that brought some starts the count again. */
export const MAX_FRUITLESS_ATTEMPTS = 5;
const RETRY: BackoffPolicy = { initialMs: 200, factor: 3, maxMs: 5_000, jitter: 0.2 };
const PROGRESS_STEP_BYTES = 256 * 1024;

/**
 * Brings one blob into the content store. A broken connection is resumed where it broke; the digest of the
 * whole is checked before the blob gets its name.
 */
export async function downloadBlob(options: {
  readonly client: RegistryClient;
  readonly content: ContentStore;
  readonly descriptor: Descriptor;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: (currentBytes: number) => void;
}): Promise<void> {
  const { content, descriptor, clock, signal } = options;
  const ingest = await content.ingest();
  try {
    for (let fruitless = 0; ; ) {
      const before = ingest.bytes;
      try {
        await receive({ ...options, ingest });
        await ingest.commit(descriptor.digest);
        return;
      } catch (error) {
        signal?.throwIfAborted();
        fruitless = ingest.bytes > before ? 0 : fruitless + 1;
        if (isFinal(error) || fruitless >= MAX_FRUITLESS_ATTEMPTS) throw error;
        await sleep(clock, backoffDelayMs(RETRY, fruitless), signal);
      }
    }
  } finally {
    await ingest.abort();
  }
}

async function receive(options: {
  client: RegistryClient;
  descriptor: Descriptor;
  ingest: Ingest;
  onBytes?: (currentBytes: number) => void;
}): Promise<void> {
  const { client, descriptor, ingest, onBytes } = options;
  if (ingest.bytes === descriptor.size && descriptor.size > 0) return;
  const { body, offset } = await client.blob(descriptor.digest, ingest.bytes);
  if (offset < ingest.bytes) await ingest.reset();
  let reported = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    await ingest.write(chunk);
    if (ingest.bytes > descriptor.size) {
      throw new RuntimeError(
        "ErrImagePull",
        `blob ${descriptor.digest} is larger than the ${descriptor.size} bytes its manifest says`,
      );
    }
    if (ingest.bytes - reported >= PROGRESS_STEP_BYTES) {
      reported = ingest.bytes;
      onBytes?.(reported);
    }
  }
  if (ingest.bytes < descriptor.size)
    throw new Error(`the connection ended at ${ingest.bytes} bytes`);
  onBytes?.(ingest.bytes);
}

/** What the registry said clearly is final; a broken connection is not. */
function isFinal(error: unknown): boolean {
  return error instanceof RuntimeError && error.code !== "RegistryUnavailable";
}
