import { join } from "node:path";
import { componentFlags, componentSetUp, portFlag, untilStopped } from "#cli/component";
import { type CommandContext, CommandError, defineCommand, type Flag } from "#cli/define-command";
import { rangesFlag, serversFlag, wholeNumberFlag } from "#cli/flag-values";
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
  {
    name: "ingress-name",
    value: "NAME",
    description: "tells the ingresses of a cluster apart (default: the host's name)",
  },
  {
    name: "publish-address",
    value: "ADDRESS",
    description:
      "what Ingresses show as the place where they are reached, such as a load balancer's address (default: --ingress-address)",
  },
  {
    name: "trusted-proxies",
    value: "RANGES",
    description:
      "proxies in front whose X-Forwarded-For, -Proto, -Host and -Port are believed, with commas between (default: none)",
  },
  {
    name: "default-certificate",
    value: "NAMESPACE/NAME",
    description: "Secret with the certificate of hosts that bring none (default: self-signed)",
  },
  {
    name: "access-log",
    value: "FORM",
    description: "json: log each request to ingress-access.log; off: log none",
    default: "off",
    values: ["json", "off"],
  },
  {
    name: "ingress-metrics-port",
    value: "PORT",
    description: "port of 127.0.0.1 for Prometheus, at /metrics; 0 for none",
    default: "0",
  },
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
      completes: "files",
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
    {
      command:
        "kaji ingress --ingress-address 0.0.0.0 --access-log json --ingress-metrics-port 10254",
      explains: "serve on every address, log requests, and count them for Prometheus",
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
      ...settingsOf(context),
      log,
    });
    log.info("ingress is running", { http: portFlag(context, "http-port") });
    await untilStopped(context.signal);
    await ingress.stop();
  },
});

function settingsOf(context: CommandContext) {
  const trustedProxies = rangesFlag(context, "trusted-proxies");
  const form = context.flag("access-log") ?? "off";
  if (form !== "json" && form !== "off") {
    throw new CommandError(`--access-log ${form} is not known: say json or off`);
  }
  const defaultCertificate = context.flag("default-certificate");
  if (defaultCertificate !== undefined && !/^[^/]+\/[^/]+$/.test(defaultCertificate)) {
    throw new CommandError(
      `--default-certificate ${defaultCertificate} is not the name of a Secret: write NAMESPACE/NAME`,
    );
  }
  const name = context.flag("ingress-name")?.toLowerCase();
  if (name !== undefined && !/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new CommandError(
      `--ingress-name ${name} is not a name: use lower case letters, digits, "-" and "."`,
    );
  }
  const publishAddress = context.flag("publish-address");
  return {
    ...(trustedProxies ? { trustedProxies } : {}),
    ...(defaultCertificate === undefined ? {} : { defaultCertificate }),
    ...(name === undefined ? {} : { name }),
    ...(publishAddress === undefined ? {} : { publishAddress }),
    hasAccessLog: form === "json",
    metricsPort: wholeNumberFlag(context, "ingress-metrics-port"),
  };
}
