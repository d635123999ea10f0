import { existsSync, rmSync } from "node:fs";
import { removeDeadBuilds } from "#cli/build-runner";
import { requireRoot } from "#cli/component";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { openImages } from "#cli/images";
import { stopKept } from "#cli/keeper";
import { rooms } from "#cli/rooms";
import { createLog } from "#kit/log";
import { locationsFor } from "#kit/locations";

const STOP_TIMEOUT_MS = 15_000;

export const downCommand = defineCommand({
  name: "down",
  group: "cluster",
  summary: "Stop what `kaji up` started and give the host back as it was",
  flags: [
    rootDirFlag,
    {
      name: "purge",
      description: "also delete state, images and logs (the cluster is gone for good)",
    },
  ],
  examples: [
    {
      command: "kaji down",
      explains:
        "no process, mount, namespace, cgroup, rule or interface is left; `kaji up` resumes",
    },
    { command: "kaji down --purge", explains: "the files go too" },
  ],
  async run(context) {
    requireRoot("kaji down");
    const locations = locationsFor(context.flag("root-dir"));
    if (!existsSync(locations.lib) && !existsSync(locations.run)) {
      return context.note(`nothing of Kaji is in ${locations.lib}: there is nothing to stop`);
    }
    for (const component of ["ingress", "agent", "server"] as const) {
      await stopKept(locations, component, STOP_TIMEOUT_MS);
      context.note(`stopped ${component}`);
    }
    if (existsSync(locations.lib)) {
      await removeDeadBuilds(locations, await openImages(context, "kaji down"));
      const { cleanUpHost } = await rooms.agent();
      await cleanUpHost({ locations, log: createLog({ level: "warn" }) });
      const { cleanUpIngress } = await rooms.ingress();
      await cleanUpIngress({ locations });
    }
    rmSync(locations.run, { recursive: true, force: true });
    if (context.isSet("purge")) {
      for (const folder of [locations.lib, locations.log])
        rmSync(folder, { recursive: true, force: true });
    } else {
      context.note(
        `state is kept in ${locations.lib}: \`kaji up\` resumes, \`kaji down --purge\` deletes it`,
      );
    }
  },
});
