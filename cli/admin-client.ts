import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { locationsFor } from "#kit/locations";

export const kubeconfigFlag: Flag = {
  name: "kubeconfig",
  value: "FILE",
  description: "how to reach the cluster (default: $KUBECONFIG, else the one `kaji up` wrote)",
};

/** The kubeconfig that commands use: the flag, then $KUBECONFIG, then the local cluster's. */
export function kubeconfigPath(context: CommandContext): string {
  const local = join(locationsFor(context.flag("root-dir")).lib, "admin.kubeconfig");
  const path = context.flag("kubeconfig") ?? (process.env.KUBECONFIG || local);
  if (!existsSync(path)) {
    throw new CommandError(
      `no cluster to talk to: ${path} is not there; start one with \`kaji up\` or name a file with --kubeconfig`,
    );
  }
  return path;
}

/** Runs `use` with a client to the cluster and closes the connection after it. */
export async function withClient<T>(
  context: CommandContext,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return withClientOf(kubeconfigPath(context), use);
}

export async function withClientOf<T>(
  kubeconfig: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const transport = restTransport({
    ...(await loadKubeconfig(kubeconfig)).rest,
    userAgent: "kaji-cli",
  });
  try {
    return await use(createClient(transport));
  } finally {
    await transport.close();
  }
}
