import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Removes a file or a tree that others have written, however deep; nothing when it is not there. Links are removed,
 * not followed. Node's own `rm` goes by whole paths and fails where these are longer than the kernel takes, which
 * anybody who may write there can bring about; rm(1) goes from directory to directory.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENAMETOOLONG") throw error;
    await run("rm", ["-rf", "--", path]);
  }
}
