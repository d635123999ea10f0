import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Makes a rename or a new name durable: the directory is what holds it. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Replaces a small file as a whole: readers see the old text or the new, also after a power cut. */
export async function writeFileAtomically(
  path: string,
  bytes: string | Uint8Array,
  tmpDir: string,
): Promise<void> {
  const temporary = temporaryPath(tmpDir);
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await renameDurably(temporary, path);
}

export async function renameDurably(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o711 });
    await rename(from, to);
  } catch (error) {
    await rm(from, { recursive: true, force: true });
    throw error;
  }
  await syncDirectory(dirname(to));
}

export function temporaryPath(tmpDir: string): string {
  return join(tmpDir, randomBytes(12).toString("hex"));
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
