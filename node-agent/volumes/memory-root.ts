import { chmod, mkdir, statfs } from "node:fs/promises";
import { mountTmpfs, unmount } from "#node-agent/volumes/mount";

const tmpfsMagic = 0x01021994;
/** What secrets and tokens of all pods together may take: 110 pods of a few megabytes. */
const maxBytes = 256 << 20;

/** Makes sure that what is written there never reaches a disk: one tmpfs for all pods, if it is not on one yet. */
export async function makeMemoryRoot(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o750 });
  if ((await statfs(path)).type !== tmpfsMagic) {
    await mountTmpfs(path, `size=${maxBytes},mode=750`);
  }
  await chmod(path, 0o750);
}

export async function removeMemoryRoot(path: string): Promise<void> {
  await unmount(path);
}
