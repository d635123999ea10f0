import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, writeSecretFile } from "#control-plane/pki/files";
import type { BackupEntry } from "#control-plane/store/backup/format";
import { BackupError } from "#control-plane/store/backup/format";
import { backupEntries } from "#control-plane/store/backup/read-backup";

/**
 * The files below <lib> without which old credentials, service account tokens and encrypted Secrets would be worth
 * nothing: all of pki/, and the token of a cluster of several servers.
 */
const DIRECTORY = "pki";
const SINGLE_FILES = ["server-token"] as const;
/** What a restore replaced is kept here, once. */
const REPLACED = "before-restore";
/** Certificates may be read by everyone; all else by root alone. */
const PUBLIC = /\.crt$/;

type FileEntry = Extract<BackupEntry, { type: "file" }>;

export async function readStateFiles(lib: string): Promise<FileEntry[]> {
  const found = await readdir(join(lib, DIRECTORY), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const names = found.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const inDirectory = names.toSorted().map((name) => `${DIRECTORY}/${name}`);
  // What an editor or an administrator has left there belongs to nobody, and no restore would take it.
  const paths = [...inDirectory.filter(isAllowed), ...SINGLE_FILES];
  const files: FileEntry[] = [];
  for (const path of paths) {
    const content = await readIfThere(join(lib, path));
    if (content !== undefined) files.push({ type: "file", path, content: Buffer.from(content) });
  }
  return files;
}

/** The first that is there and is not what the backup has; undefined: nothing would be lost. */
export async function conflictingFile(lib: string, backup: string): Promise<string | undefined> {
  for (const { path, content } of await stateFilesIn(backup)) {
    const present = await readFile(join(lib, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (present && !present.equals(content)) return join(lib, path);
  }
  return undefined;
}

/** Replaces them all; what was there before is kept beside them. */
export async function writeStateFiles(lib: string, backup: string): Promise<void> {
  const files = await stateFilesIn(backup);
  await mkdir(lib, { recursive: true });
  if ((await conflictingFile(lib, backup)) !== undefined) await setAside(lib);
  for (const { path, content } of files) {
    const mode = PUBLIC.test(path) ? 0o644 : 0o600;
    await writeSecretFile(join(lib, path), Buffer.from(content).toString(), mode);
  }
}

async function setAside(lib: string): Promise<void> {
  const aside = join(lib, REPLACED);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const path of [DIRECTORY, ...SINGLE_FILES]) {
    // What an interrupted restore has kept of a path that is gone since stays kept.
    if (!existsSync(join(lib, path))) continue;
    await rm(join(aside, path), { recursive: true, force: true });
    await rename(join(lib, path), join(aside, path));
  }
}

async function stateFilesIn(backup: string): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  for await (const entry of backupEntries(backup)) {
    // Files come first.
    if (entry.type !== "file") break;
    if (!isAllowed(entry.path)) throw new BackupError(`it holds the file ${entry.path}`);
    files.push(entry);
  }
  return files;
}

/** A backup may not write anywhere else. */
function isAllowed(path: string): boolean {
  return (
    SINGLE_FILES.some((single) => single === path) || /^pki\/[a-zA-Z0-9][a-zA-Z0-9.-]*$/.test(path)
  );
}
