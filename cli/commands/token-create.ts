import { kubeconfigFlag, withClient } from "#cli/admin-client";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { createJoinToken } from "#cli/join-token";

export const tokenCreateCommand = defineCommand({
  name: "token create",
  group: "cluster",
  summary: "Make a token with which a host can join the cluster",
  flags: [
    rootDirFlag,
    kubeconfigFlag,
    {
      name: "ttl",
      value: "SECONDS",
      description: "how long the token can be used",
      default: "86400",
    },
  ],
  examples: [
    {
      command: "kaji token create --ttl 3600",
      explains: "prints a token that is good for an hour",
    },
  ],
  async run(context) {
    const ttl = Number(context.flag("ttl"));
    if (!Number.isInteger(ttl) || ttl < 1) {
      throw new CommandError(
        `--ttl ${context.flag("ttl")} is not a number of seconds: give a whole number above 0`,
      );
    }
    context.print(
      await withClient(context, (client) =>
        createJoinToken(client, ttl, "made by kaji token create"),
      ),
    );
  },
});
