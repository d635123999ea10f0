import type { Pod } from "#api/schema/types";
import { namespaceOf } from "#node-agent/objects";

/** The files that every container of a pod shares, as text; pure. */
export interface ClusterNames {
  readonly clusterDomain: string;
  readonly dnsIp: string;
}

/** What the pod calls itself: its hostname, or its name cut to 63 characters. */
export function hostnameOf(pod: Pod): string {
  const wanted = pod.spec.hostnameOverride ?? pod.spec.hostname ?? pod.metadata.name;
  return wanted.slice(0, 63).replace(/[.-]+$/, "");
}

/** hostname.subdomain.namespace.svc.domain; undefined without a subdomain. */
export function fullNameOf(pod: Pod, clusterDomain: string): string | undefined {
  const { subdomain, hostnameOverride } = pod.spec;
  if (!subdomain || hostnameOverride !== undefined) return undefined;
  return `${hostnameOf(pod)}.${subdomain}.${namespaceOf(pod)}.svc.${clusterDomain}`;
}

export function hostsFile(pod: Pod, podIp: string, clusterDomain: string): string {
  const fullName = fullNameOf(pod, clusterDomain);
  const names = fullName ? `${fullName}\t${hostnameOf(pod)}` : hostnameOf(pod);
  const lines = [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "fe00::0\tip6-mcastprefix",
    "fe00::1\tip6-allnodes",
    "fe00::2\tip6-allrouters",
    `${podIp}\t${names}`,
  ];
  return `${lines.join("\n")}\n${aliasLines(pod)}`;
}

/** The host's own file with the pod's aliases, for pods in the host's network. */
export function hostNetworkHostsFile(pod: Pod, hostFile: string): string {
  return `# Kubernetes-managed hosts file (host network).\n${hostFile}${aliasLines(pod)}`;
}

function aliasLines(pod: Pod): string {
  const aliases = pod.spec.hostAliases ?? [];
  if (aliases.length === 0) return "";
  const lines = aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}`);
  return `\n# Entries added by HostAliases.\n${lines.join("\n")}\n`;
}

const maxSearchDomains = 32;
const maxNameservers = 3;

export interface ResolverConfig {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export function parseResolvConf(text: string): ResolverConfig {
  const words = (keyword: string): string[][] =>
    text
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([first]) => first === keyword)
      .map(([, ...rest]) => rest);
  return {
    nameservers: words("nameserver").flat(),
    searches: words("search").at(-1) ?? [],
    options: words("options").at(-1) ?? [],
  };
}

export function resolvConf(pod: Pod, host: ResolverConfig, cluster: ClusterNames): string {
  const base = baseResolver(pod, host, cluster);
  const { nameservers = [], searches = [], options = [] } = pod.spec.dnsConfig ?? {};
  const own = options.map(({ name = "", value }) => (value ? `${name}:${value}` : name));
  const overridden = new Set(own.map((option) => option.split(":")[0]));
  const kept = base.options.filter((option) => !overridden.has(option.split(":")[0]));
  const allSearches = [...new Set([...base.searches, ...searches])].slice(0, maxSearchDomains);
  const allServers = [...new Set([...base.nameservers, ...nameservers])].slice(0, maxNameservers);
  const allOptions = [...kept, ...own];
  return [
    ...(allSearches.length > 0 ? [`search ${allSearches.join(" ")}`] : []),
    ...allServers.map((server) => `nameserver ${server}`),
    ...(allOptions.length > 0 ? [`options ${allOptions.join(" ")}`] : []),
    "",
  ].join("\n");
}

function baseResolver(pod: Pod, host: ResolverConfig, cluster: ClusterNames): ResolverConfig {
  const policy = pod.spec.dnsPolicy ?? "ClusterFirst";
  if (policy === "None") return { nameservers: [], searches: [], options: [] };
  const isHost = pod.spec.hostNetwork === true && policy === "ClusterFirst";
  if (policy === "Default" || isHost) return host;
  const domain = cluster.clusterDomain;
  const searches = [`${namespaceOf(pod)}.svc.${domain}`, `svc.${domain}`, domain];
  return {
    nameservers: [cluster.dnsIp],
    searches: [...searches, ...host.searches],
    options: ["ndots:5"],
  };
}
