/**
 * The network between pods of different hosts, against the same link between the hosts themselves in the same
 * run: latency of a TCP round trip and throughput of one connection, directly routed and through the tunnel. What a
 * process of a pod sees has the cost of its cgroups in it, too; so the networks are also measured from outside those.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { row, summarize } from "#test/bench/statistics";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";
import { BUSYBOX, type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";
import { ipOf } from "#test/support/hosts-pods";

const ROUNDS = 7;
const PINGS = "4000";
const MEGABYTES = "400";
const PORT = "7100";
const OUTER_PORT = "7101";

/** One way from one end to another; all kinds of ends run the same program. */
interface Way {
  readonly name: string;
  readonly peer: string;
  measure(verb: "ping" | "send", amount: string): Promise<number>;
}

async function main(): Promise<void> {
  const missing = ["kubectl", "busybox", "gcc", "pgrep"].filter((name) => !findProgram(name));
  const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
  if (reason) return console.warn(`skipped: ${reason}`);
  const lab = await openHosts();
  try {
    const ways = await prepare(lab);
    report("round trip, us", await measure(ways, "ping", PINGS), ways);
    report("throughput, MB/s", await measure(ways, "send", MEGABYTES), ways);
  } finally {
    await lab.close();
  }
}

async function prepare(lab: HostsLab): Promise<Way[]> {
  const program = join(lab.root, "link");
  const source = join(packageRoot(), "test/bench/link.c");
  execFileSync("gcc", ["-O2", "-static", "-o", program, source]);
  const one = await lab.startHost("one");
  const near = await lab.startHost("near");
  const far = await lab.startHost("far", { subnet: 1 });
  const hosts = [one, near, far];
  const cluster = await startHostsCluster(lab, one);
  await Promise.all(hosts.map((host) => cluster.startAgent(host)));
  await cluster.untilReady(...hosts);
  await cluster.importBusybox(...hosts);
  await cluster.apply(...hosts.map((host) => linkPod(host, lab.root)));
  for (const host of hosts) host.spawn([program, "serve", PORT]);
  const pods = new Map<string, PodEnd>();
  for (const host of hosts) {
    const ip = ipOf(await cluster.untilPodReady(host.name));
    const [pid = ""] = (await host.must(["pgrep", "-f", "^/bench/link"])).split("\n");
    const inside = ["nsenter", "--target", pid, "--net", program];
    host.spawn([...inside, "serve", OUTER_PORT]);
    pods.set(host.name, { ip, inside });
  }
  return [near, far].flatMap((to) => waysTo(cluster, one, to, pods, program));
}

interface PodEnd {
  readonly ip: string;
  /** The program in the pod's network, but outside its cgroups. */
  readonly inside: readonly string[];
}

function waysTo(
  cluster: HostsCluster,
  one: LabHost,
  to: LabHost,
  pods: ReadonlyMap<string, PodEnd>,
  program: string,
): Way[] {
  const how = to.name === "near" ? "direct" : "tunnel";
  const peer = `host to host, ${to.name}`;
  const ip = pods.get(to.name)?.ip ?? "";
  const inside = pods.get(one.name)?.inside ?? [];
  return [
    {
      name: peer,
      peer,
      measure: async (verb, amount) => Number(await one.must([program, verb, to.ip, PORT, amount])),
    },
    {
      name: `between the pods' networks, ${how}`,
      peer,
      measure: async (verb, amount) =>
        Number(await one.must([...inside, verb, ip, OUTER_PORT, amount])),
    },
    {
      name: `between processes of pods, ${how}`,
      peer,
      measure: (verb, amount) => fromPod(cluster, verb, ip, amount),
    },
  ];
}

function linkPod({ name }: LabHost, folder: string): object {
  const volumeMounts = [{ name: "link", mountPath: "/bench" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      nodeName: name,
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: "link", hostPath: { path: folder } }],
      containers: [
        {
          name: "link",
          image: BUSYBOX,
          imagePullPolicy: "IfNotPresent",
          command: ["/bench/link", "serve", PORT],
          // Or whatever else the machine does comes first.
          resources: { requests: { cpu: "500m" } },
          volumeMounts,
        },
      ],
    },
  };
}

async function fromPod(
  cluster: HostsCluster,
  verb: string,
  ip: string,
  amount: string,
): Promise<number> {
  return eventually(`the pod at ${ip} answers`, async () => {
    const { code, stdout } = await cluster.kubectl(
      "exec",
      "one",
      "--",
      "/bench/link",
      verb,
      ip,
      PORT,
      amount,
    );
    return code === 0 && Number(stdout);
  });
}

/** In turns, so that the noise of the machine meets all alike. */
async function measure(ways: readonly Way[], verb: "ping" | "send", amount: string) {
  const values = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of ways) {
      const value = await way.measure(verb, amount);
      if (round > 0) values.get(way.name)?.push(value);
    }
  }
  return values;
}

function report(
  what: string,
  values: ReadonlyMap<string, readonly number[]>,
  ways: readonly Way[],
): void {
  const median = (name: string): number => summarize(values.get(name) ?? []).p50;
  for (const { name, peer } of ways) {
    const ratio = (median(name) / median(peer)).toFixed(2);
    row(`${what}: ${name}`, `${median(name).toFixed(1).padStart(8)}   ${ratio}x ${peer}`);
  }
}

await main();
