import { existsSync } from "node:fs";
import { join } from "node:path";
import { requireRoot } from "#cli/component";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { rooms } from "#cli/rooms";
import { untilTrue } from "#cli/wait";
import { locationsFor } from "#kit/locations";

export const nodeShutdownCommand = defineCommand({
  name: "node shutdown",
  group: "cluster",
  summary: "End the pods of this host in order, because the machine goes",
  flags: [
    rootDirFlag,
    { name: "cancel", description: "the machine stays after all: take pods again" },
    {
      name: "timeout",
      value: "DURATION",
      description: "how long to wait; the agent's --shutdown-grace-period bounds what pods get",
      default: "2m",
    },
  ],
  examples: [
    {
      command: "kaji node shutdown",
      explains: "before `poweroff`: pods get SIGTERM and their grace",
    },
    { command: "kaji node shutdown --cancel", explains: "the node is Ready again" },
  ],
  async run(context) {
    requireRoot("kaji node shutdown");
    const { lib, run } = locationsFor(context.flag("root-dir"));
    if (!existsSync(join(lib, "agent"))) {
      throw new CommandError(
        `no agent has run on this host (nothing is in ${lib}/agent): name its --root-dir`,
      );
    }
    const { readShutdown, writeShutdown } = await rooms.nodeShutdown();
    const { bootId } = (await rooms.hostFacts()).readHostFacts();
    if (context.isSet("cancel")) {
      await writeShutdown(run, bootId, undefined);
      return context.note("this node takes pods again");
    }
    const timeoutMs = durationFlag(context, "timeout");
    const isDone = async (): Promise<boolean> => (await readShutdown(run, bootId)) === "done";
    if (!(await isDone())) await writeShutdown(run, bootId, "wanted");
    const what = "until the pods of this host have ended";
    const { signal } = context;
    if (!(await untilTrue(isDone, { timeoutMs, intervalMs: 100, what, signal }))) {
      throw new CommandError(
        `the pods of this host have not ended within ${context.flag("timeout")}: is the agent running? Its log says more`,
      );
    }
    context.note("every pod of this host has ended: the machine may go");
  },
});
