import { componentFlags, componentSetUp, portFlag, untilStopped } from "#cli/component";
import { defineCommand, type Flag } from "#cli/define-command";
import { rooms } from "#cli/rooms";

/** Shared with `kaji up`, which passes them on. */
export const serverFlags: readonly Flag[] = [
  {
    name: "bind-address",
    value: "IP",
    description: "address that the API and the node gateway listen on",
    default: "127.0.0.1",
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
  ],
  async run(context) {
    const { locations, log } = componentSetUp(context, "server");
    const { startServer } = await rooms.server();
    const storeUrl = context.flag("store");
    const server = await startServer({
      locations,
      ...(storeUrl ? { storeUrl } : {}),
      bindAddress: context.flag("bind-address") ?? "127.0.0.1",
      apiPort: portFlag(context, "api-port"),
      gatewayPort: portFlag(context, "gateway-port"),
      podCidr: context.flag("pod-cidr") ?? "",
      serviceCidr: context.flag("service-cidr") ?? "",
      clusterDomain: context.flag("cluster-domain") ?? "",
      log,
    });
    log.info("control plane is serving", { url: server.url });
    await untilStopped(context.signal);
    await server.stop();
  },
});
