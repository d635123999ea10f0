import { clusterFlags, kubeconfigPath, withClient } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { durationFlag, serversFlag } from "#cli/flag-values";
import { createJoinToken, type TokenUsage, usageFields } from "#cli/join-token";
import { publicKeyHash } from "#kit/public-key-hash";

export const tokenCreateCommand = defineCommand({
  name: "token create",
  group: "cluster",
  summary: "Make a token and print the one command with which a host joins the cluster",
  flags: [
    ...clusterFlags,
    {
      name: "ttl",
      value: "DURATION",
      description: "how long the token can be used, as 24h, 90m or seconds; 0: for ever",
      default: "24h",
    },
    {
      name: "usages",
      value: "LIST",
      description: "what the token is for: joining, authentication, or both with a comma",
      default: "joining",
    },
    { name: "single-use", description: "the token is used up by the first host that joins" },
    {
      name: "description",
      value: "TEXT",
      description: "what `kaji token list` shows with it",
      default: "made by kaji token create",
    },
    {
      name: "server",
      value: "URL",
      description: "where the host reaches the API server (default: what the kubeconfig says)",
    },
    { name: "only-token", description: "print the token alone" },
  ],
  examples: [
    {
      command: "kaji token create",
      explains: "prints `kaji agent --server ... --token ... --ca-cert-hash ...` for the new host",
    },
    {
      command: "kaji token create --ttl 1h --single-use",
      explains: "for one host, within an hour",
    },
  ],
  async run(context) {
    const ttlSeconds = ttlOf(context);
    const usages = usagesOf(context.flag("usages") ?? "");
    const description = context.flag("description") ?? "";
    const isSingleUse = context.isSet("single-use");
    const given = serversFlag(context);
    const token = await withClient(context, (client) =>
      createJoinToken(client, { ttlSeconds, usages, description, isSingleUse }),
    );
    if (context.isSet("only-token")) return context.print(token);
    const { server, ca } = await clusterOf(context);
    const url = given?.join() ?? server;
    context.print(
      [
        "kaji agent",
        `--server ${url}`,
        `--token ${token}`,
        `--ca-cert-hash ${publicKeyHash(ca)}`,
      ].join(" "),
    );
    if ((given ?? [server]).some(isLoopback)) {
      context.note(
        `note: ${url} is reached from this machine only: start the server with \`--bind-address IP\` and make a new token for other hosts`,
      );
    }
  },
});

const MAX_TTL_SECONDS = 100 * 365 * 24 * 3600;

/** A bare number is seconds. */
function ttlOf(context: CommandContext): number {
  const text = context.flag("ttl") ?? "";
  const isBare = /^\d+$/.test(text);
  const seconds = isBare ? Number(text) : Math.ceil(durationFlag(context, "ttl") / 1000);
  if (seconds <= MAX_TTL_SECONDS) return seconds;
  throw new CommandError(`--ttl ${text} is over a hundred years: give 0 for a token without end`);
}

function usagesOf(text: string): TokenUsage[] {
  const words = text.split(",").map((word) => word.trim());
  const known = Object.keys(usageFields);
  const odd = words.find((word) => !known.includes(word));
  if (odd !== undefined) {
    throw new CommandError(`--usages "${odd}" is not known: use ${known.join(" or ")}`);
  }
  return words as TokenUsage[];
}

async function clusterOf(context: CommandContext): Promise<{ server: string; ca: string }> {
  const { loadKubeconfig } = await import("#client/kubeconfig");
  const { rest } = await loadKubeconfig(kubeconfigPath(context));
  if (rest.ca === undefined) {
    throw new CommandError(
      "the kubeconfig names no CA certificate, so hosts could not know this cluster: use the one that the server wrote (admin.kubeconfig)",
    );
  }
  return { server: rest.server, ca: rest.ca.toString() };
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
