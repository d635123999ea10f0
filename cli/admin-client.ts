import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandContext, CommandError, type Flag, rootDirFlag } from "#cli/define-command";
import { withNextStep } from "#cli/next-step";
import type { Client } from "#client/client";
import type { Transport } from "#client/transport";
import { locationsFor } from "#kit/locations";

export const kubeconfigFlag: Flag = {
  name: "kubeconfig",
  value: "FILE",
  description: "how to reach the cluster (default: $KUBECONFIG, else the one `kaji up` wrote)",
  completes: "files",
};

export const contextFlag: Flag = {
  name: "context",
  value: "NAME",
  description: "which context of the kubeconfig (default: its current one)",
  completes: "contexts",
};

/** Which cluster is meant: of every command that talks to one. */
export const clusterFlags: readonly Flag[] = [rootDirFlag, kubeconfigFlag, contextFlag];

export interface Connection {
  readonly client: Client;
  /** For what the client does not offer: tables, status codes, streams. */
  readonly transport: Transport;
  /** Where names without a namespace are looked for. */
  readonly namespace: string;
}

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

/** Runs `use` with a client to the cluster and closes the connection after it. Ctrl-C ends whatever it asks. */
export async function withClient<T>(
  context: CommandContext,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return withConnection(context, ({ client }) => use(client));
}

export async function withConnection<T>(
  context: CommandContext,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  return connectAs(
    context,
    (kept) => (request) => kept({ signal: context.signal, ...request }),
    use,
  );
}

/** Once the server has answered, the command ends itself after Ctrl-C, with what is left to say or to write. */
export async function withOrderlyConnection<T>(
  context: CommandContext,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const untilAnswered = (kept: Transport): Transport => {
    let hasAnswered = false;
    return async (request) => {
      const response = await kept(hasAnswered ? request : { signal: context.signal, ...request });
      hasAnswered = true;
      return response;
    };
  };
  return connectAs(context, untilAnswered, use);
}

async function connectAs<T>(
  context: CommandContext,
  wrap: (transport: Transport) => Transport,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  try {
    return await connect(kubeconfigPath(context), context.flag("context"), wrap, use);
  } catch (error) {
    throw withNextStep(error);
  }
}

export async function withClientOf<T>(
  kubeconfig: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return connect(
    kubeconfig,
    undefined,
    (transport) => transport,
    ({ client }) => use(client),
  );
}

async function connect<T>(
  kubeconfig: string,
  contextName: string | undefined,
  wrap: (transport: Transport) => Transport,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const [{ createClient }, { loadKubeconfig }, { failoverTransport }] = await Promise.all([
    import("#client/api-client"),
    import("#client/kubeconfig"),
    import("#client/failover"),
  ]);
  const { rest, servers, namespace } = await loadKubeconfig(kubeconfig, contextName);
  const kept = failoverTransport({ ...rest, servers, userAgent: "kaji-cli" });
  const transport = wrap(kept);
  try {
    return await use({ client: createClient(transport), transport, namespace });
  } finally {
    await kept.close();
  }
}
