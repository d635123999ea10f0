import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";
import { mediaTypes } from "#runtime/images/oci";
import type { RunningRegistry } from "#test/contract/registry-fixture";

export const LAYER_BYTES = 3 * 1024 * 1024;

export function openStore(root: string): ImageStore {
  return createImageStore({ root, log: silentLog, clock: systemClock });
}

/** Two layers: one of incompressible bytes, one small. */
export async function buildSample(store: ImageStore, directory: string): Promise<void> {
  const contextDir = join(directory, "context");
  mkdirSync(contextDir);
  writeFileSync(join(contextDir, "big"), randomBytes(LAYER_BYTES));
  writeFileSync(join(contextDir, "small"), "small\n");
  writeFileSync(
    join(contextDir, "Dockerfile"),
    "FROM scratch\nCOPY big /big\nCOPY small /small\nENV KEY=value\n",
  );
  await store.build({ contextDir, tags: ["sample"] });
}

export async function manifestOf(registry: RunningRegistry, repository: string, tag: string) {
  const url = `http://${registry.host}/v2/${repository}/manifests/${tag}`;
  const answer = await fetch(url, { headers: { accept: mediaTypes.ociManifest } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return {
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    size: bytes.length,
    text: bytes.toString(),
  };
}

export async function putIndex(
  registry: RunningRegistry,
  repository: string,
  tag: string,
  manifests: readonly object[],
): Promise<void> {
  const answer = await fetch(`http://${registry.host}/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": mediaTypes.ociIndex },
    body: JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }),
  });
  if (answer.status !== 201) throw new Error(`the registry answered ${answer.status}`);
}

export function bytesIn(directory: string): number {
  try {
    return readdirSync(directory).reduce(
      (sum, name) => sum + statSync(join(directory, name)).size,
      0,
    );
  } catch {
    return 0; // not made yet, or just gone
  }
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
