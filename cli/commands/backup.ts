import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { formatBytes } from "#cli/format";
import { rooms } from "#cli/rooms";
import { recordBackup } from "#cli/backup-record";
import { sentenceOf } from "#cli/sentence";
import { countedBytes } from "#cli/waiting";
import { statusErrorFrom } from "#client/status-response";
import { systemClock, toTime } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";

export const backupCommand = defineCommand({
  name: "backup",
  group: "cluster",
  summary: "Write all objects at one moment, and the cluster's keys, to a file",
  args: [
    {
      name: "file",
      completes: "files",
      description: "the backup: readable by its owner only, for it holds private keys",
      isRequired: true,
    },
  ],
  flags: [
    ...clusterFlags,
    {
      name: "store",
      value: "URL",
      description: "read this store itself instead of asking the server: for when no server runs",
    },
  ],
  examples: [
    { command: "kaji backup cluster.backup", explains: "while the cluster runs" },
    {
      command: "kaji backup cluster.backup --store sqlite:///var/lib/kaji/state.db",
      explains: "of a server that is stopped",
    },
  ],
  async run(context) {
    const path = resolve(context.args[0] ?? "");
    const partial = `${path}.partial`;
    const { verifyBackup } = await rooms.backupReader();
    try {
      // Never into a file that somebody else has made there: whoever owns it could read what comes.
      await rm(partial, { force: true });
      await writeBytes(context, partial);
      const { entries, header } = await verifyBackup(partial).catch((cause: unknown) => {
        throw new CommandError(
          "the backup that came is not whole (the server's log says why it ended early): try again",
          { cause },
        );
      });
      const bytes = await makeDurable(partial, path);
      if (!context.isSet("store")) await record(context, String(header.revision));
      context.print(
        `${path}: ${entries} entries at revision ${header.revision}, ${formatBytes(bytes)}; it holds the cluster's private keys: keep it as safe as the cluster`,
      );
    } finally {
      await rm(partial, { force: true });
    }
  },
});

/** For `kaji doctor`. A backup is none the worse for not being noted. */
async function record(context: CommandContext, revision: string): Promise<void> {
  const time = toTime(systemClock.now());
  try {
    await withConnection(context, ({ client }) => recordBackup(client, { time, revision }));
  } catch (error) {
    context.note(`the cluster could not note that it was backed up: ${sentenceOf(error)}`);
  }
}

async function writeBytes(context: CommandContext, path: string): Promise<void> {
  const storeUrl = context.flag("store");
  if (storeUrl === undefined) {
    return withConnection(context, async (connection) =>
      writeFile(path, await backupOf(connection), context.signal),
    );
  }
  const { backupOfStore } = await rooms.backupOfStore();
  const locations = locationsFor(context.flag("root-dir"));
  const options = { locations, clock: systemClock, log: silentLog };
  return writeFile(path, backupOfStore(storeUrl, options), context.signal);
}

async function backupOf({ transport }: Connection): Promise<AsyncIterable<Uint8Array>> {
  const query = new URLSearchParams();
  const response = await transport({ method: "GET", path: "/kaji/v1/backup", query });
  if (response.type === "stream") return response.chunks;
  throw statusErrorFrom(response);
}

async function writeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
  const counted = countedBytes(chunks, "writing the backup");
  await pipeline(Readable.from(counted), file, { signal }).catch((cause: unknown) => {
    throw new CommandError(`the backup could not be written to ${path}`, { cause });
  });
}

/** Under its name only when it is whole on the disk. */
async function makeDurable(partial: string, path: string): Promise<number> {
  const file = await open(partial, "r+");
  try {
    await file.chmod(0o600);
    await file.sync();
    const { size } = await file.stat();
    await rename(partial, path);
    return size;
  } finally {
    await file.close();
    await syncDirectory(dirname(path));
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
