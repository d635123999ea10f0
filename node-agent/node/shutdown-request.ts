import { mkdirSync, watch } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * How `kaji node shutdown` tells a running agent that the machine goes: a file in <run>/agent. It is state, not a
 * message: an agent that starts again finds it. It names the boot, so that the next boot is not concerned.
 */
export type ShutdownState = "wanted" | "done";

interface Stored {
  readonly bootId: string;
  readonly state: ShutdownState;
}

export function shutdownDirectory(run: string): string {
  return join(run, "agent");
}

const fileName = "shutdown.json";

/** undefined: the machine stays. */
export async function readShutdown(
  run: string,
  bootId: string,
): Promise<ShutdownState | undefined> {
  try {
    const text = await readFile(join(shutdownDirectory(run), fileName), "utf8");
    const stored = JSON.parse(text) as Stored;
    return stored.bootId === bootId ? stored.state : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writeShutdown(
  run: string,
  bootId: string,
  state: ShutdownState | undefined,
): Promise<void> {
  const directory = shutdownDirectory(run);
  const path = join(directory, fileName);
  if (state === undefined) return rm(path, { force: true });
  mkdirSync(directory, { recursive: true });
  const stored: Stored = { bootId, state };
  await writeFile(`${path}.new`, JSON.stringify(stored));
  await rename(`${path}.new`, path);
}

/** Calls back when the file may be another one. */
export function watchShutdown(run: string, onChange: () => void): () => void {
  const directory = shutdownDirectory(run);
  mkdirSync(directory, { recursive: true });
  const watcher = watch(directory, (_, name) => {
    if (name === fileName) onChange();
  });
  return () => watcher.close();
}
