import { StatusError } from "#api/machinery/status-error";
import { clusterFlags, withClient } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { deleteToken } from "#cli/join-token";

export const tokenDeleteCommand = defineCommand({
  name: "token delete",
  group: "cluster",
  summary: "Delete tokens: no host can join with them any more; those that have stay",
  args: [
    {
      name: "token",
      description: "the token, or its part before the dot",
      isRequired: true,
      isVariadic: true,
    },
  ],
  flags: [...clusterFlags],
  examples: [{ command: "kaji token delete abcdef", explains: "by its id" }],
  async run(context) {
    await withClient(context, async (client) => {
      for (const wanted of context.args) {
        try {
          context.print(`token "${await deleteToken(client, wanted)}" deleted`);
        } catch (error) {
          if (!(error instanceof StatusError) || error.code !== 404) throw error;
          throw new CommandError(
            `there is no token "${wanted}": \`kaji token list\` shows those that are there`,
          );
        }
      }
    });
  },
});
