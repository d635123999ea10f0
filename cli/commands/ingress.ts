import { join } from "node:path";
import { componentFlags, componentSetUp, portFlag, untilStopped } from "#cli/component";
import { defineCommand, type Flag } from "#cli/define-command";
import { serversFlag } from "#cli/flag-values";
import { rooms } from "#cli/rooms";

export const ingressFlags: readonly Flag[] = [
  {
    name: "ingress-address",
    value: "IP",
    description: "address that nginx listens on",
    default: "127.0.0.1",
  },
  { name: "http-port", value: "PORT", description: "port of plain HTTP", default: "80" },
  { name: "https-port", value: "PORT", description: "port of HTTPS", default: "443" },
];

export const ingressCommand = defineCommand({
  name: "ingress",
  group: "components",
  summary: "Run the ingress: nginx, fed from the cluster's Ingresses and endpoints",
  flags: [
    ...componentFlags,
    ...ingressFlags,
    {
      name: "kubeconfig",
      value: "FILE",
      description:
        "how to reach the API (default: ingress.kubeconfig of a server with the same root)",
    },
    {
      name: "server",
      value: "URLS",
      description:
        "the API servers, with commas between (default: those that the kubeconfig names)",
    },
  ],
  examples: [
    {
      command: "kaji ingress --http-port 8080",
      explains: "serve the cluster's Ingresses on port 8080",
    },
  ],
  async run(context) {
    const { locations, log } = componentSetUp(context, "ingress");
    const { startIngress } = await rooms.ingress();
    const servers = serversFlag(context);
    const ingress = await startIngress({
      locations,
      ...(servers ? { servers } : {}),
      kubeconfig: context.flag("kubeconfig") ?? join(locations.lib, "ingress.kubeconfig"),
      address: context.flag("ingress-address") ?? "127.0.0.1",
      httpPort: portFlag(context, "http-port"),
      httpsPort: portFlag(context, "https-port"),
      log,
    });
    log.info("ingress is running", { http: portFlag(context, "http-port") });
    await untilStopped(context.signal);
    await ingress.stop();
  },
});
