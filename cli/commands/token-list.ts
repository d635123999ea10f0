import { kubeconfigFlag, withClient } from "#cli/admin-client";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { type ListedToken, listTokens } from "#cli/join-token";
import { formatTable } from "#cli/table";

export const tokenListCommand = defineCommand({
  name: "token list",
  group: "cluster",
  summary: "List the tokens with which hosts can join",
  flags: [rootDirFlag, kubeconfigFlag],
  examples: [{ command: "kaji token list", explains: "with what is left of each one's time" }],
  async run(context) {
    const tokens = await withClient(context, listTokens);
    if (tokens.length === 0)
      return context.note("there is no token: make one with `kaji token create`");
    const header = ["token", "ttl", "expires", "usages", "description"];
    context.print(
      formatTable(
        header,
        tokens.map((token) => rowOf(token, Date.now())),
      ),
    );
  },
});

function rowOf({ token, expiration, usages, description }: ListedToken, nowMs: number): string[] {
  const left = expiration === undefined ? undefined : (Date.parse(expiration) - nowMs) / 1000;
  const ttl =
    left === undefined ? "<forever>" : left > 0 ? formatDuration(Math.floor(left)) : "<expired>";
  return [token, ttl, expiration ?? "<never>", usages.join(",") || "<none>", description];
}

/** "23h59m", as kubeadm shows what is left of a token. */
function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
