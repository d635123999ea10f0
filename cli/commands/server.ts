import { existsSync, readFileSync } from "node:fs";
import { componentFlags, componentSetUp, portFlag, untilStopped } from "#cli/component";
import { type CommandContext, CommandError, defineCommand, type Flag } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { prometheusOf } from "#cli/metrics-rules";
import { rooms } from "#cli/rooms";
import { nodeFlags, nodeOptions } from "#cli/server-nodes";

/** Shared with `kaji up`, which passes them on. */
export const serverFlags: readonly Flag[] = [
  {
    name: "bind-address",
    value: "IP",
    description: "address that the API and the node gateway listen on",
    default: "127.0.0.1",
  },
  {
    name: "advertise-address",
    value: "IP",
    description:
      "address that agents, clients and other servers reach this one by (default: the bind address, or the machine's first)",
  },
  {
    name: "api-port",
    value: "PORT",
    description: "port of the Kubernetes API (HTTPS)",
    default: "6443",
  },
  {
    name: "gateway-port",
    value: "PORT",
    description: "port that node agents dial (gRPC, mutual TLS)",
    default: "6444",
  },
  {
    name: "store",
    value: "URL",
    description:
      "where desired state is kept: sqlite:///path or etcd://host:2379,... (default: SQLite in the root directory)",
  },
  {
    name: "server-token",
    value: "TOKEN",
    description:
      "of the cluster in an etcd that servers share (the first server makes it: file server-token in its state directory)",
  },
  {
    name: "server-token-file",
    completes: "files",
    value: "FILE",
    description: "file with that token, which other users of this machine can then not see",
  },
  {
    name: "node-certificate-ttl",
    value: "DURATION",
    description: "how long the certificates that nodes get are good; they are renewed in time",
    default: "8760h",
  },
  {
    name: "pod-cidr",
    value: "CIDR",
    description: "addresses of pods, cluster-wide",
    default: "10.244.0.0/16",
  },
  {
    name: "service-cidr",
    value: "CIDR",
    description: "addresses of Services",
    default: "10.96.0.0/16",
  },
  {
    name: "cluster-domain",
    value: "NAME",
    description: "DNS domain of the cluster",
    default: "cluster.local",
  },
  {
    name: "prometheus",
    value: "URL",
    description:
      "where custom.metrics.k8s.io and external.metrics.k8s.io come from (default: not served)",
  },
  {
    name: "metrics-rules",
    completes: "files",
    value: "FILE",
    description:
      "which of its series are which metrics, as prometheus-adapter's configuration says it",
  },
  {
    name: "trace-ratio",
    value: "RATIO",
    description:
      "which part of the users' writes is followed to the containers (kaji trace), 0 to 1; 0 keeps no traces",
    default: "1",
  },
  {
    name: "trace-endpoint",
    value: "URL",
    description:
      "where the server's spans go too, by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces (default: nowhere)",
  },
  ...nodeFlags,
];

export const serverCommand = defineCommand({
  name: "server",
  group: "components",
  summary: "Run the control plane: store, API server, scheduler, controllers, node gateway",
  flags: [...componentFlags, ...serverFlags],
  examples: [
    {
      command: "kaji server --bind-address 192.0.2.10",
      explains: "serve the API to other machines",
    },
    {
      command:
        "kaji server --bind-address 192.0.2.11 --store etcd://192.0.2.10:2379 --server-token-file token",
      explains: "another server of the cluster in that etcd",
    },
    {
      command: "kaji server --prometheus http://127.0.0.1:9090 --metrics-rules rules.yaml",
      explains: "let autoscalers go by metrics of a Prometheus",
    },
  ],
  async run(context) {
    const { locations, log } = componentSetUp(context, "server");
    const { startServer } = await rooms.server();
    const storeUrl = context.flag("store");
    const serverToken = serverTokenOf(context);
    const advertiseAddress = context.flag("advertise-address");
    const server = await startServer({
      locations,
      ...(storeUrl ? { storeUrl } : {}),
      ...(serverToken ? { serverToken } : {}),
      nodeCertificateValidMs: durationFlag(context, "node-certificate-ttl"),
      bindAddress: context.flag("bind-address") ?? "127.0.0.1",
      ...(advertiseAddress ? { advertiseAddress } : {}),
      apiPort: portFlag(context, "api-port"),
      gatewayPort: portFlag(context, "gateway-port"),
      podCidr: context.flag("pod-cidr") ?? "",
      serviceCidr: context.flag("service-cidr") ?? "",
      clusterDomain: context.flag("cluster-domain") ?? "",
      ...nodeOptions(context),
      prometheus: await prometheusOf(context),
      ...traceOptions(context),
      log,
    });
    log.info("control plane is serving", { url: server.url });
    await untilStopped(context.signal);
    await server.stop();
  },
});

function traceOptions(context: CommandContext) {
  const text = context.flag("trace-ratio") ?? "1";
  const traceRatio = text.trim() === "" ? Number.NaN : Number(text);
  if (!(traceRatio >= 0 && traceRatio <= 1)) {
    throw new CommandError(`--trace-ratio ${text} is not a part: give a number from 0 to 1`);
  }
  const traceEndpoint = context.flag("trace-endpoint");
  if (traceEndpoint !== undefined && !/^https?:\/\//.test(traceEndpoint)) {
    throw new CommandError(
      `--trace-endpoint ${traceEndpoint} is no address: write, for example, http://127.0.0.1:4318/v1/traces`,
    );
  }
  return { traceRatio, ...(traceEndpoint === undefined ? {} : { traceEndpoint }) };
}

/** undefined: what this server kept when it joined, or made. */
function serverTokenOf(context: CommandContext): string | undefined {
  const file = context.flag("server-token-file");
  if (!file) return context.flag("server-token")?.trim();
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  throw new CommandError(`the file ${file} with the server token is not there`);
}
