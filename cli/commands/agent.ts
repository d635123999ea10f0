import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { componentFlags, componentSetUp, untilStopped } from "#cli/component";
import { CommandError, defineCommand, type Flag } from "#cli/define-command";
import { rooms } from "#cli/rooms";

export const agentFlags: readonly Flag[] = [
  { name: "node-name", value: "NAME", description: "name of this node (default: the host's name)" },
];

export const agentCommand = defineCommand({
  name: "agent",
  group: "components",
  summary: "Run the node agent: pods, volumes, probes and network of this host",
  flags: [
    ...componentFlags,
    ...agentFlags,
    {
      name: "server",
      value: "URL",
      description: "the API server to join",
      default: "https://127.0.0.1:6443",
    },
    {
      name: "token-file",
      value: "FILE",
      description: "file with a join token (only read when this node has no certificate yet)",
    },
    {
      name: "ca-file",
      value: "FILE",
      description: "the cluster's CA certificate (default: that of a server with the same root)",
    },
  ],
  examples: [
    {
      command: "kaji agent --server https://192.0.2.10:6443 --token-file token --ca-file ca.crt",
      explains: "join this host to a cluster",
    },
  ],
  async run(context) {
    const { locations, log } = componentSetUp(context, "agent");
    const nodeName = (context.flag("node-name") ?? hostname()).toLowerCase();
    const caFile = context.flag("ca-file") ?? join(locations.lib, "pki/ca.crt");
    if (!existsSync(caFile)) {
      throw new CommandError(
        `the cluster's CA certificate ${caFile} is not there: copy ca.crt from the server and name it with --ca-file`,
      );
    }
    const tokenFile = context.flag("token-file");
    const { startAgent } = await rooms.agent();
    const agent = await startAgent({
      locations,
      serverUrl: context.flag("server") ?? "",
      caPem: readFileSync(caFile, "utf8"),
      ...(tokenFile && existsSync(tokenFile)
        ? { joinToken: readFileSync(tokenFile, "utf8").trim() }
        : {}),
      nodeName,
      log,
    });
    log.info("node agent is running", { node: nodeName });
    await untilStopped(context.signal);
    await agent.stop();
  },
});
