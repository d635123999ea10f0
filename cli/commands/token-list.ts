import { clusterFlags, withClient } from "#cli/admin-client";
import { defineCommand } from "#cli/define-command";
import { type ListedToken, listTokens } from "#cli/join-token";
import { type Column, outputFlag, printListing } from "#cli/output";

export const tokenListCommand = defineCommand({
  name: "token list",
  group: "cluster",
  summary: "List the tokens with which hosts can join",
  flags: [...clusterFlags, outputFlag],
  examples: [{ command: "kaji token list", explains: "with what is left of each one's time" }],
  async run(context) {
    await printListing(context, {
      rows: await withClient(context, listTokens),
      columns: columnsAt(Date.now()),
      nameOf: ({ token }) => token.split(".")[0] ?? token,
      none: "there is no token: make one with `kaji token create`",
    });
  },
});

function columnsAt(nowMs: number): readonly Column<ListedToken>[] {
  return [
    { name: "token", value: ({ token }) => token },
    { name: "ttl", value: ({ expiration }) => timeLeft(expiration, nowMs) },
    { name: "expires", value: ({ expiration }) => expiration ?? "<never>" },
    { name: "usages", value: ({ usages }) => usages.join(",") || "<none>" },
    { name: "description", value: ({ description }) => description },
  ];
}

function timeLeft(expiration: string | undefined, nowMs: number): string {
  if (expiration === undefined) return "<forever>";
  const left = (Date.parse(expiration) - nowMs) / 1000;
  return left > 0 ? formatDuration(Math.floor(left)) : "<expired>";
}

/** "23h59m", as kubeadm shows what is left of a token. */
function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h${minutes}m`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
