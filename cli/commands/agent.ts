import { existsSync, readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { nodeConfigFlags, nodeConfigOf } from "#cli/agent-node";
import { componentFlags, componentSetUp, portFlag, untilStopped } from "#cli/component";
import { type CommandContext, CommandError, defineCommand, type Flag } from "#cli/define-command";
import { serversFlag } from "#cli/flag-values";
import { agentPrograms, checkHost } from "#cli/host-checks";
import { rooms, type Trust } from "#cli/rooms";
import type { Locations } from "#kit/locations";

export const agentFlags: readonly Flag[] = [
  { name: "node-name", value: "NAME", description: "name of this node (default: the host's name)" },
  {
    name: "node-ip",
    value: "IP",
    description:
      "IPv4 address that the other hosts reach this one by (default: the one it has for the server)",
  },
  {
    name: "tunnel",
    value: "WHEN",
    description:
      "auto: pods of hosts on the same link are reached directly; always: by VXLAN, where the network between the hosts drops pod addresses. The same on every host",
    default: "auto",
  },
  {
    name: "vxlan-port",
    value: "PORT",
    description: "UDP port of the tunnels to hosts on other links; the same on every host",
    default: "8472",
  },
  ...nodeConfigFlags,
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
      description:
        "the API server to join, or several of one cluster with commas between (default: where this host joined before, else https://127.0.0.1:6443)",
    },
    {
      name: "token",
      value: "TOKEN",
      description: "join token (only used while this node has no certificate)",
    },
    {
      name: "token-file",
      completes: "files",
      value: "FILE",
      description: "file with the join token, or with the line that `kaji token create` printed",
    },
    {
      name: "ca-cert-hash",
      value: "HASH",
      description:
        "sha256:HEX of the public key of the cluster's CA, as `kaji token create` prints it",
    },
    {
      name: "ca-file",
      completes: "files",
      value: "FILE",
      description: "the cluster's CA certificate (default: that of a server with the same root)",
    },
  ],
  examples: [
    {
      command: `kaji agent --server https://192.0.2.10:6443 --token abcdef.0123456789abcdef --ca-cert-hash sha256:${"0".repeat(64)}`,
      explains: "join this host to a cluster: `kaji token create` there prints this line",
    },
    { command: "kaji agent", explains: "run again on a host that has joined" },
  ],
  async run(context) {
    const { locations, log } = componentSetUp(context, "agent");
    checkHost(agentPrograms);
    const nodeName = (context.flag("node-name") ?? hostname()).toLowerCase();
    const serverUrl = serversFlag(context)?.join();
    const trust = trustOf(context, locations);
    const joinToken = tokenOf(context);
    const nodeIp = context.flag("node-ip");
    if (nodeIp !== undefined && !isIPv4(nodeIp)) {
      throw new CommandError(`--node-ip ${nodeIp} is not an IPv4 address of this host`);
    }
    const { startAgent } = await rooms.agent();
    const agent = await startAgent({
      locations,
      ...(serverUrl ? { serverUrl } : {}),
      ...(trust ? { trust } : {}),
      ...(joinToken ? { joinToken } : {}),
      nodeName,
      config: await nodeConfigOf(context),
      ...(nodeIp ? { nodeIp } : {}),
      tunnel: { use: tunnelFlag(context), port: portFlag(context, "vxlan-port") },
      log,
      signal: context.signal,
    });
    log.info("node agent is running", { node: nodeName });
    await untilStopped(context.signal);
    await agent.stop();
  },
});

function tunnelFlag(context: CommandContext): "auto" | "always" {
  const use = context.flag("tunnel") ?? "auto";
  if (use === "auto" || use === "always") return use;
  throw new CommandError(`--tunnel ${use} is not known: use auto or always`);
}

/** undefined: whom this host trusted when it joined. */
function trustOf(context: CommandContext, locations: Locations): Trust | undefined {
  const caCertHash = context.flag("ca-cert-hash");
  if (caCertHash) return { caCertHash };
  const given = context.flag("ca-file");
  const caFile = given ?? join(locations.lib, "pki/ca.crt");
  if (existsSync(caFile)) return { caPem: readFileSync(caFile, "utf8") };
  if (given === undefined) return undefined;
  throw new CommandError(
    `the cluster's CA certificate ${caFile} is not there: copy ca.crt from the server, or give --ca-cert-hash as \`kaji token create\` prints it`,
  );
}

function tokenOf(context: CommandContext): string | undefined {
  const file = context.flag("token-file");
  // A token file is left out on purpose once the node has its certificate: then it is not needed.
  const text =
    context.flag("token") ?? (file && existsSync(file) ? readFileSync(file, "utf8") : "");
  return (/--token[ =](\S+)/.exec(text)?.[1] ?? text.trim()) || undefined;
}
