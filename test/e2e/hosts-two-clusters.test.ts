import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { hardwareAddressOf } from "#node-agent/network/names";
import type { NodeNetworkConfig, PodAddress } from "#node-agent/network/network";
import type { PeerNode } from "#node-agent/session/types";
import type { NodeCommand } from "#test/e2e/network-node";
import { eventually, findProgram } from "#test/support/host";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";
import { askFromHost, serveOnHost } from "#test/support/hosts-pods";

const missing = ["busybox", "nft"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`hosts-two-clusters: skipped: ${reason}`);

/** The networks of two clusters on the same two hosts, which are joined by tunnels: only the networks, no agents. */
const clusters = ["red", "blue"] as const;
type ClusterName = (typeof clusters)[number];
const second: Record<ClusterName, number> = { red: 244, blue: 245 };

describe.skipIf(reason)("two clusters on the same hosts", () => {
  let lab: HostsLab;
  let hosts: LabHost[];
  const pods = new Map<string, { readonly host: LabHost; readonly ip: string }>();

  beforeAll(async () => {
    lab = await openHosts();
    hosts = [await lab.startHost("one"), await lab.startHost("far", { subnet: 1 })];
    for (const cluster of clusters) {
      for (const host of hosts) {
        const name = `${cluster}-${host.name}`;
        const ip = await addPod(host, cluster, name, peersOf(cluster));
        pods.set(name, { host, ip });
      }
    }
  });
  afterAll(() => lab?.close());

  const peersOf = (cluster: ClusterName): PeerNode[] =>
    hosts.map(({ name, ip }, index) => {
      return { nodeName: name, internalIp: ip, podCidr: `10.${second[cluster]}.${index}.0/24` };
    });

  const tell = async (host: LabHost, cluster: ClusterName, ...commands: NodeCommand[]) => {
    // What enters a host's mounts begins at the root.
    const here = ["sh", "-c", 'cd "$0" && exec "$@"', packageRoot()];
    const program = [process.execPath, "--import", "tsx", "--conditions=source"];
    const script = ["test/e2e/network-node.ts", join(host.rootDir, cluster)];
    const input = [...commands, { do: "close" }].map((one) => `${JSON.stringify(one)}\n`).join("");
    const said = await host.must([...here, ...program, ...script], { input });
    const answers = said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer);
    for (const { error } of answers) if (error) throw new Error(error);
    return answers.map(({ value }) => value);
  };

  async function addPod(host: LabHost, cluster: ClusterName, name: string, peers: PeerNode[]) {
    const podCidr = peers.find(({ nodeName }) => nodeName === host.name)?.podCidr ?? "";
    const config: NodeNetworkConfig = {
      nodeName: host.name,
      nodeIp: host.ip,
      podCidr,
      clusterPodCidr: `10.${second[cluster]}.0.0/16`,
      serviceCidr: `10.${second[cluster] - 148}.0.0/16`,
      clusterDomain: "cluster.local",
      dnsIp: `10.${second[cluster] - 148}.0.10`,
    };
    const request = { namespace: "default", name, uid: name, hostPorts: [] };
    const answers = await tell(
      host,
      cluster,
      { do: "configure", config },
      { do: "peers", peers },
      { do: "attach", request },
    );
    const { ip, network } = answers[2] as PodAddress;
    const { hostInterface, bridge, mtu, address, gateway } = network;
    await host.must(["ip", "netns", "add", name]);
    const veth = ["link", "add", hostInterface, "mtu", `${mtu}`, "master", bridge, "up"];
    const peer = ["name", "eth0", "address", hardwareAddressOf(ip), "netns", name];
    await host.must(["ip", ...veth, "type", "veth", "peer", ...peer]);
    const own = [
      `address add ${address} dev eth0`,
      "link set eth0 up",
      `route add default via ${gateway}`,
    ];
    await host.must(["ip", "-n", name, "-batch", "-"], { input: `${own.join("\n")}\n` });
    serveOnHost(host, 8080, name);
    return ip;
  }

  test("each has a tunnel of its own, over the same port", async () => {
    for (const host of hosts) {
      const links = JSON.parse(
        await host.must(["ip", "-j", "-d", "link", "show", "type", "vxlan"]),
      ) as {
        linkinfo: { info_data: { id: number; port: number } };
      }[];
      const data = links.map(({ linkinfo }) => linkinfo.info_data);
      expect(new Set(data.map(({ id }) => id)).size).toBe(2);
      expect(data.map(({ port }) => port)).toEqual([8472, 8472]);
    }
  });

  test("pods of each reach each other through it, and are seen by their own addresses", async () => {
    for (const cluster of clusters) {
      const from = pods.get(`${cluster}-one`);
      const to = pods.get(`${cluster}-far`);
      if (!from || !to) throw new Error("the pods are there");
      const answer = await eventually(`${cluster}-far answers`, () =>
        askFromHost(from.host, to.ip, 8080, `${cluster}-one`),
      );
      expect(answer).toBe(`${cluster}-far ${from.ip}`);
    }
  });

  test("when one leaves, the other stays", async () => {
    const [one] = hosts as [LabHost];
    await tell(one, "red", { do: "destroy" });
    const routes = await one.must(["ip", "route"]);
    expect(routes).not.toContain("10.244.");
    expect(routes).toContain("10.245.");
    const to = pods.get("blue-far")?.ip ?? "";
    expect(await askFromHost(one, to, 8080, "blue-one")).toMatch(/^blue-far /);
  });
});

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}
