import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readStateFiles, writeStateFiles } from "#control-plane/store/backup/state-files";
import { backupBytes } from "#control-plane/store/backup/write-backup";
import { openStore } from "#control-plane/store/index";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

let lib = "";
beforeEach(async () => {
  lib = await mkdtemp(join(tmpdir(), "kaji-state-files-"));
  await mkdir(join(lib, "pki"));
});
afterEach(() => rm(lib, { recursive: true }));

const write = (path: string, text: string): Promise<void> => writeFile(join(lib, path), text);
const read = (path: string): Promise<string> => readFile(join(lib, path), "utf8");

async function backUp(path: string): Promise<void> {
  const store = await openStore("memory:", { clock: new ManualClock(), log: silentLog });
  const files = await readStateFiles(lib);
  const chunks: Uint8Array[] = [];
  for await (const one of backupBytes({ store, files, revision: 0, nowMs: 0 })) chunks.push(one);
  await writeFile(path, Buffer.concat(chunks));
  await store.close();
}

test("a backup takes the server's files, also by a link, and nothing that lies beside them", async () => {
  await write("pki/ca.crt", "certificate");
  await write("elsewhere", "key");
  await symlink(join(lib, "elsewhere"), join(lib, "pki/ca.key"));
  await mkdir(join(lib, "pki/old"));
  await write("pki/ca.crt~", "an editor's");
  await write("pki/.ca.key.swp", "an editor's");
  const found = await readStateFiles(lib);
  expect(found.map(({ path, content }) => [path, Buffer.from(content).toString()])).toEqual([
    ["pki/ca.crt", "certificate"],
    ["pki/ca.key", "key"],
  ]);
});

describe("a restore", () => {
  test("keeps what it replaces, also what one that was cut off had set aside already", async () => {
    await write("pki/ca.key", "of the backup");
    await write("server-token", "of the backup");
    const backup = join(lib, "backup");
    await backUp(backup);
    // Cut off between the two: pki is aside, the token is not.
    await rm(join(lib, "pki"), { recursive: true });
    await write("server-token", "replaced");
    await mkdir(join(lib, "before-restore/pki"), { recursive: true });
    await write("before-restore/pki/ca.key", "replaced");
    await writeStateFiles(lib, backup);
    expect([await read("pki/ca.key"), await read("server-token")]).toEqual([
      "of the backup",
      "of the backup",
    ]);
    expect(await read("before-restore/pki/ca.key")).toBe("replaced");
    expect(await read("before-restore/server-token")).toBe("replaced");
  });
});
