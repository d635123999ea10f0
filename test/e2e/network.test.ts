import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ServiceWithEndpoints } from "#node-agent/session/types";
import {
  type Lab,
  type LabPod,
  NODE_IP,
  nodeConfig,
  openLab,
  OUTSIDE_IP,
  serviceOf,
  whyNoNetwork,
} from "#test/e2e/network-lab";

const reason = whyNoNetwork();
if (reason) console.warn(`network: skipped: ${reason}`);

const WEB_IP = "10.96.0.20";

describe.skipIf(reason)("the network of one node, with real packets", () => {
  let lab: Lab;
  let a: LabPod;
  let b: LabPod;

  const sync = (...services: ServiceWithEndpoints[]): Promise<unknown> =>
    lab.node.ask({ do: "services", services });
  const web = (pods: readonly LabPod[], spec: object = {}): ServiceWithEndpoints =>
    serviceOf("web", { clusterIP: WEB_IP, ports: [{ port: 80 }], ...spec }, pods);
  const namesOf = (answers: readonly string[]): string[] =>
    [...new Set(answers.map((answer) => answer.split(" ")[0] ?? ""))].sort();

  beforeAll(async () => {
    lab = await openLab({ nameservers: [OUTSIDE_IP] });
    await lab.node.ask({ do: "configure", config: nodeConfig });
    a = await lab.addPod("a");
    b = await lab.addPod("b", [18_080]);
    for (const pod of [a, b]) await lab.serve(pod.machine, pod.machine, 8080);
    await lab.serve("outside", "outside", 7000);
    await lab.serveNames("outside");
  });
  afterAll(() => lab?.close());
  beforeEach(async () => {
    await sync(web([a, b]));
  });

  test("pods reach each other by their own addresses", () => {
    expect(lab.call("a", b.ip, 8080)).toEqual([`b ${a.ip}`]);
  });

  test("a pod reaches the outside with the node's address", () => {
    expect(lab.call("a", OUTSIDE_IP, 7000)).toEqual([`outside ${NODE_IP}`]);
  });

  test("a ClusterIP spreads a pod's calls over all endpoints and keeps the pod's address", () => {
    const answers = lab.call("a", WEB_IP, 80, 40);
    expect(namesOf(answers)).toEqual(["a", "b"]);
    expect(answers).toContain(`b ${a.ip}`);
  });

  test("the node itself reaches a ClusterIP", () => {
    expect(namesOf(lab.call("node", WEB_IP, 80, 40))).toEqual(["a", "b"]);
  });

  test("a pod reaches itself through its Service", async () => {
    await sync(web([a]));
    expect(lab.call("a", WEB_IP, 80, 3)).toEqual(Array(3).fill("a 10.244.0.1"));
  });

  test("an endpoint that leaves gets no new connections", async () => {
    await sync(web([b]));
    expect(namesOf(lab.call("a", WEB_IP, 80, 20))).toEqual(["b"]);
    await sync(web([a]));
    expect(namesOf(lab.call("b", WEB_IP, 80, 20))).toEqual(["a"]);
  });

  test("a Service without endpoints refuses at once, from pods and from the node", async () => {
    await sync(web([], { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] }));
    expect(lab.call("a", WEB_IP, 80, 30)).toEqual(Array(30).fill("ECONNREFUSED"));
    expect(lab.call("node", WEB_IP, 80, 30)).toEqual(Array(30).fill("ECONNREFUSED"));
    expect(lab.call("outside", NODE_IP, 30_080)).toEqual(["ECONNREFUSED"]);
    expect(lab.callUdp("a", WEB_IP, 80)).toBe("ECONNREFUSED");
  });

  test("an address of the Service range that nobody has refuses at once", () => {
    expect(lab.call("a", "10.96.7.7", 80)).toEqual(["ECONNREFUSED"]);
  });

  test("session affinity brings a client back to its endpoint", async () => {
    await sync(web([a, b], { sessionAffinity: "ClientIP" }));
    for (const client of ["a", "b", "node"]) {
      expect(namesOf(lab.call(client, WEB_IP, 80, 20))).toHaveLength(1);
    }
    const [before] = namesOf(lab.call("node", WEB_IP, 80));
    const other = serviceOf("other", { clusterIP: "10.96.0.21", ports: [{ port: 80 }] }, [a]);
    await sync(web([a, b], { sessionAffinity: "ClientIP" }), other);
    expect(namesOf(lab.call("node", WEB_IP, 80, 20))).toEqual([before]);
  });

  test("a NodePort answers from outside, from a pod and on the node by every address", async () => {
    await sync(web([a, b], { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] }));
    expect(namesOf(lab.call("outside", NODE_IP, 30_080, 30))).toEqual(["a", "b"]);
    expect(namesOf(lab.call("a", NODE_IP, 30_080, 30))).toEqual(["a", "b"]);
    expect(namesOf(lab.call("node", NODE_IP, 30_080, 30))).toEqual(["a", "b"]);
    expect(namesOf(lab.call("node", "127.0.0.1", 30_080, 30))).toEqual(["a", "b"]);
  });

  test("externalTrafficPolicy Local keeps the client's address and serves only from this node", async () => {
    const spec = {
      type: "NodePort",
      externalTrafficPolicy: "Local",
      ports: [{ port: 80, nodePort: 30_081 }],
    };
    const elsewhere = { ip: "10.244.9.9", nodeName: "node-2" };
    await sync(serviceOf("web", { clusterIP: WEB_IP, ...spec }, [a, elsewhere]));
    expect(lab.call("outside", NODE_IP, 30_081, 10)).toEqual(Array(10).fill(`a ${OUTSIDE_IP}`));
  });

  test("externalIPs work like the ClusterIP", async () => {
    await sync(web([b], { externalIPs: ["198.51.100.7"] }));
    expect(namesOf(lab.call("a", "198.51.100.7", 80, 3))).toEqual(["b"]);
  });

  test("UDP Services work", async () => {
    const ports = [{ port: 53, protocol: "UDP" }];
    await sync(serviceOf("udp", { clusterIP: "10.96.0.22", ports }, [b]));
    expect(lab.callUdp("a", "10.96.0.22", 53)).toBe(`b ${a.ip}`);
    expect(lab.callUdp("b", "10.96.0.22", 53)).toBe("b 10.244.0.1");
  });

  test("a Service may lead to a server on the node's loopback, and pods reach nothing else there", async () => {
    await lab.serve("node", "api", 6443, "127.0.0.1");
    const ports = [{ port: 443 }];
    const endpoint = { ip: "127.0.0.1" };
    await sync(serviceOf("kubernetes", { clusterIP: "10.96.0.1", ports }, [endpoint], 6443));
    expect(lab.call("a", "10.96.0.1", 443)).toEqual([`api ${a.ip}`]);
    expect(namesOf(lab.call("node", "10.96.0.1", 443))).toEqual(["api"]);
  });

  test("a hostPort leads to its pod from outside, from the node and from other pods", async () => {
    for (const [from, host] of [
      ["outside", NODE_IP],
      ["node", "127.0.0.1"],
      ["a", NODE_IP],
    ] as const) {
      expect(namesOf(lab.call(from, host, 18_080)), from).toEqual(["b"]);
    }
  });

  test("DNS on the cluster's address answers pods and the node, and asks outside for other names", async () => {
    const ports = [{ port: 80, name: "http" }];
    const headless = serviceOf("db", { clusterIP: "None", ports }, [a, b]);
    await sync(web([a, b]), headless);
    for (const machine of ["a", "node"]) {
      expect(lab.resolve(machine, "web.default.svc.cluster.local")).toEqual([WEB_IP]);
      const found = [lab.resolve(machine, "db.default.svc.cluster.local")].flat();
      expect(found.sort()).toEqual([a.ip, b.ip]);
      expect(lab.resolve(machine, "nothing.default.svc.cluster.local")).toBe("ENOTFOUND");
      expect(lab.resolve(machine, "example.com")).toEqual(["198.51.100.99"]);
    }
  });

  test("a hundred Services with one change each way are applied and taken back", async () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      serviceOf(`s${index}`, { clusterIP: `10.96.1.${index}`, ports: [{ port: 80 }] }, [a, b]),
    );
    await sync(web([a]), ...many);
    expect(namesOf(lab.call("b", "10.96.1.99", 80, 20))).toEqual(["a", "b"]);
    await sync(web([a]));
    expect(lab.call("b", "10.96.1.99", 80)).toEqual(["ECONNREFUSED"]);
    expect(lab.onNode("nft", "list", "ruleset")).not.toContain("default/s99");
  });

  test("someone else's change of the table is repaired by the next one", async () => {
    const { bridge } = a.address.network;
    lab.onNode("nft", "delete", "table", "inet", bridge.slice(0, -1));
    await sync(web([b]));
    expect(namesOf(lab.call("a", WEB_IP, 80, 5))).toEqual(["b"]);
  });

  test("killing the agent stops no traffic, and the next one knows the addresses", async () => {
    await lab.restartNode("SIGKILL");
    expect(namesOf(lab.call("a", WEB_IP, 80, 20))).toEqual(["a", "b"]);
    await lab.node.ask({ do: "configure", config: nodeConfig });
    expect(namesOf(lab.call("a", WEB_IP, 80, 20))).toEqual(["a", "b"]);
    expect(await lab.node.ask({ do: "attachedPods" })).toEqual(["uid-a", "uid-b"]);
    const request = { namespace: "default", name: "c", uid: "uid-c", hostPorts: [] };
    const address = (await lab.node.ask({ do: "attach", request })) as { ip: string };
    expect([a.ip, b.ip]).not.toContain(address.ip);
  });

  test("destroy leaves nothing, twice", async () => {
    await lab.node.ask({ do: "destroy" });
    await lab.node.ask({ do: "destroy" });
    expect(lab.onNode("nft", "list", "ruleset").trim()).toBe("");
    expect(lab.onNode("ls", "/sys/class/net").trim().split("\n")).toEqual(["eth0", "lo"]);
    expect(lab.onNode("ip", "route")).not.toContain("10.");
    expect(lab.onNode("cat", "/proc/sys/net/ipv4/ip_forward").trim()).toBe("0");
  });
});

describe.skipIf(reason)("on a kernel without br_netfilter", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ hasBridgeFilter: false });
  });
  afterAll(() => lab?.close());

  test("neighbours still reach each other and themselves through a Service", async () => {
    await lab.node.ask({ do: "configure", config: nodeConfig });
    const a = await lab.addPod("a");
    const b = await lab.addPod("b");
    for (const pod of [a, b]) await lab.serve(pod.machine, pod.machine, 8080);
    const ports = [{ port: 80 }];
    const services = [serviceOf("web", { clusterIP: WEB_IP, ports }, [a, b])];
    await lab.node.ask({ do: "services", services });
    const answers = lab.call("a", WEB_IP, 80, 40);
    expect([...new Set(answers)].sort()).toEqual(["a 10.244.0.1", "b 10.244.0.1"]);
    await lab.node.ask({ do: "destroy" });
  });
});
