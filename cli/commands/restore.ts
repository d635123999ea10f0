import { join, resolve } from "node:path";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { rooms } from "#cli/rooms";
import { whileWaiting } from "#cli/waiting";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";

export const restoreCommand = defineCommand({
  name: "restore",
  group: "cluster",
  summary: "Put a backup into a store that no server uses, of this or another kind",
  args: [
    { name: "file", completes: "files", description: "what `kaji backup` wrote", isRequired: true },
  ],
  flags: [
    rootDirFlag,
    {
      name: "store",
      value: "URL",
      description:
        "where to: sqlite:///path or etcd://host:2379,... (default: SQLite in the root directory)",
    },
    {
      name: "force",
      description:
        "replace what the store holds, and this host's certificates and keys (they are kept in before-restore)",
    },
  ],
  examples: [
    { command: "kaji restore cluster.backup", explains: "into a new or purged root directory" },
    {
      command: "kaji restore cluster.backup --store etcd://192.0.2.10:2379",
      explains: "move a cluster from SQLite to etcd",
    },
    {
      command: "kaji restore cluster.backup --force",
      explains: "go back to the backup: everything since then is lost",
    },
  ],
  async run(context) {
    const path = resolve(context.args[0] ?? "");
    const locations = locationsFor(context.flag("root-dir"));
    const storeUrl = context.flag("store") ?? `sqlite://${join(locations.lib, "state.db")}`;
    const { restoreServer } = await rooms.restoreServer();
    const { keys, createdAt } = await whileWaiting(`restoring ${path}`, () =>
      restoreServer({
        ...{ locations, storeUrl, path, isForced: context.isSet("force") },
        ...{ clock: systemClock, log: silentLog },
      }),
    );
    context.print(`restored ${keys} keys as they were at ${createdAt}: start the server now`);
  },
});
