import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NetworkPolicy, NetworkPolicySpec, Pod } from "#api/schema/types";
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
import { PolicyBench, policyOf } from "#test/support/network-policies";

const reason = whyNoNetwork();
if (reason) console.warn(`network-policy: skipped: ${reason}`);

const WEB_IP = "10.96.0.20";
/** A packet that is dropped is not answered, and no test has all day. */
const SILENCE_MS = 600;

describe.skipIf(reason)("policies of one node, with real packets", () => {
  let lab: Lab;
  const pods = new Map<string, LabPod>();
  let policies: NetworkPolicy[] = [];

  const ipOf = (name: string): string => pods.get(name)?.ip ?? "";
  const heard = (from: string, host: string, port: number, timeoutMs?: number): string => {
    const [answer = ""] = lab.call(from, host, port, 1, timeoutMs);
    return answer.split(" ")[0] ?? "";
  };
  const call = (from: string, host: string, port = 8080): string => heard(from, host, port);
  /** Where an answer would be a breach. */
  const tryCall = (from: string, host: string, port = 8080): string =>
    heard(from, host, port, SILENCE_MS);
  /** What the server would tell the node of these policies; pods that are only expected have no address yet. */
  const enforce = async (...wanted: NetworkPolicy[]): Promise<void> => {
    policies = wanted;
    await tellPolicies(lab, policies, [...pods.keys(), "late"], ipOf);
  };
  const policy = (spec: NetworkPolicySpec): NetworkPolicy => policyOf("default", "rules", spec);
  const only = (app: string) => ({ podSelector: { matchLabels: { app } } });

  beforeAll(async () => {
    lab = await openLab({ nameservers: [OUTSIDE_IP] });
    await lab.node.ask({ do: "configure", config: nodeConfig });
    for (const name of ["a", "b", "c"]) pods.set(name, await lab.addPod(name));
    for (const name of pods.keys()) {
      await lab.serve(name, name, 8080);
      await lab.serve(name, name, 9090);
    }
    await lab.serve("outside", "outside", 7000);
    await lab.serve("node", "node", 7001);
    await lab.serveNames("outside");
    const web = { clusterIP: WEB_IP, ports: [{ port: 80 }] };
    const service = serviceOf("web", web, [{ ip: ipOf("b") }]);
    await lab.node.ask({ do: "services", services: [service] });
  });
  afterAll(() => lab?.close());
  beforeEach(() => enforce());

  test("without a policy everybody reaches everybody", () => {
    expect(call("a", ipOf("b"))).toBe("b");
    expect(call("c", ipOf("b"))).toBe("b");
  });

  test("a policy without rules closes its pods to all but their own node", async () => {
    await enforce(policy(only("b")));
    expect(tryCall("a", ipOf("b"))).toBe("TIMEOUT");
    expect(tryCall("a", WEB_IP, 80)).toBe("TIMEOUT");
    expect(call("node", ipOf("b"))).toBe("b");
    expect(call("node", WEB_IP, 80)).toBe("b");
    expect(call("b", ipOf("a"))).toBe("a");
    expect(call("b", ipOf("b"))).toBe("b");
    expect(call("b", WEB_IP, 80)).toBe("b");
  });

  test("what a rule names is let in, by pod and port, also through a Service", async () => {
    await enforce(
      policy({ ...only("b"), ingress: [{ from: [only("a")], ports: [{ port: 8080 }] }] }),
    );
    expect(call("a", ipOf("b"))).toBe("b");
    expect(call("a", WEB_IP, 80)).toBe("b");
    expect(tryCall("a", ipOf("b"), 9090)).toBe("TIMEOUT");
    expect(tryCall("c", ipOf("b"))).toBe("TIMEOUT");
    expect(tryCall("c", WEB_IP, 80)).toBe("TIMEOUT");
  });

  test("policies add to each other; ports go by range and by name", async () => {
    await enforce(
      policyOf("default", "named", {
        ...only("b"),
        ingress: [{ from: [only("a")], ports: [{ port: "http" }] }],
      }),
      policyOf("default", "range", {
        ...only("b"),
        ingress: [{ from: [only("c")], ports: [{ port: 9000, endPort: 9100 }] }],
      }),
    );
    expect([call("a", ipOf("b")), call("c", ipOf("b"), 9090)]).toEqual(["b", "b"]);
    expect([tryCall("a", ipOf("b"), 9090), tryCall("c", ipOf("b"))]).toEqual([
      "TIMEOUT",
      "TIMEOUT",
    ]);
  });

  test("a pod that may send nothing reaches no pod, not the outside, and not its node's own ports", async () => {
    await enforce(policy({ ...only("a"), policyTypes: ["Egress"] }));
    expect(tryCall("a", ipOf("b"))).toBe("TIMEOUT");
    expect(tryCall("a", WEB_IP, 80)).toBe("TIMEOUT");
    expect(tryCall("a", OUTSIDE_IP, 7000)).toBe("TIMEOUT");
    expect(tryCall("a", NODE_IP, 7001)).toBe("TIMEOUT");
    expect(lab.resolve("a", "shop.example")).toBe("ETIMEOUT");
    expect(call("b", ipOf("a"))).toBe("a");
    expect(call("node", ipOf("a"))).toBe("a");
  });

  test("the rule that everybody writes for kube-dns opens the cluster's DNS and nothing else", async () => {
    const names = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
    const dns = {
      namespaceSelector: names,
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    };
    await enforce(
      policy({
        ...only("a"),
        policyTypes: ["Egress"],
        egress: [{ to: [dns], ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] }],
      }),
    );
    expect(lab.resolve("a", "shop.example")).toEqual(["198.51.100.99"]);
    expect(tryCall("a", NODE_IP, 7001)).toBe("TIMEOUT");
    expect(tryCall("a", OUTSIDE_IP, 7000)).toBe("TIMEOUT");
  });

  test("a block of addresses is open but for what it excepts", async () => {
    const cidr = "192.0.2.0/24";
    await enforce(policy({ ...only("a"), egress: [{ to: [{ ipBlock: { cidr } }] }] }));
    expect(call("a", OUTSIDE_IP, 7000)).toBe("outside");
    const except = [`${OUTSIDE_IP}/32`];
    await enforce(policy({ ...only("a"), egress: [{ to: [{ ipBlock: { cidr, except } }] }] }));
    expect(tryCall("a", OUTSIDE_IP, 7000)).toBe("TIMEOUT");
    expect(call("a", NODE_IP, 7001)).toBe("node");
  });

  test("the provider's metadata can be excepted from the whole world", async () => {
    const metadata = "169.254.169.254";
    lab.onMachine("outside", "ip", "address", "add", `${metadata}/32`, "dev", "lo");
    expect(call("a", metadata, 7000)).toBe("outside");
    const world = { ipBlock: { cidr: "0.0.0.0/0", except: [`${metadata}/32`] } };
    await enforce(policy({ ...only("a"), egress: [{ to: [world] }] }));
    expect(tryCall("a", metadata, 7000)).toBe("TIMEOUT");
    expect(call("a", OUTSIDE_IP, 7000)).toBe("outside");
    await enforce(policy({ ...only("a"), policyTypes: ["Egress"] }));
    expect(tryCall("a", metadata, 7000)).toBe("TIMEOUT");
  });

  test("a connection that was there before the policy goes on", async () => {
    const echo = lab.start("b", ECHO);
    await once(echo.stdout as NodeJS.ReadableStream, "data");
    const talk = lab.start("a", TALKER, ipOf("b"));
    await once(talk.stdout as NodeJS.ReadableStream, "data");
    await enforce(policy(only("b")));
    expect(tryCall("a", ipOf("b"))).toBe("TIMEOUT");
    talk.stdin?.write("\n");
    const [answer] = await once(talk.stdout as NodeJS.ReadableStream, "data");
    expect(String(answer).trim()).toBe("still here");
  });

  test("a new pod is closed before its first packet", async () => {
    await enforce(policy(only("late")));
    const late = await lab.addPod("late");
    pods.set("late", late);
    await lab.serve("late", "late", 8080);
    expect(tryCall("a", late.ip)).toBe("TIMEOUT");
    expect(call("node", late.ip)).toBe("late");
  });

  test("the rules stand while the agent is dead, and when it comes back", async () => {
    await enforce(policy(only("b")));
    await lab.restartNode();
    expect(tryCall("a", ipOf("b"))).toBe("TIMEOUT");
    await lab.node.ask({ do: "configure", config: nodeConfig });
    expect(tryCall("a", ipOf("b"))).toBe("TIMEOUT");
    await enforce(policy(only("b")));
    const web = { clusterIP: WEB_IP, ports: [{ port: 80 }] };
    const service = serviceOf("web", web, [{ ip: ipOf("b") }]);
    await lab.node.ask({ do: "services", services: [service] });
    expect(tryCall("a", WEB_IP, 80)).toBe("TIMEOUT");
    expect(call("c", ipOf("a"))).toBe("a");
  });

  test("a pod cannot send with the address of another, nor by addresses that the rules do not know", async () => {
    await enforce(policy({ ...only("b"), ingress: [{ from: [only("a")] }] }));
    lab.onMachine("c", "ip", "address", "add", `${ipOf("a")}/32`, "dev", "eth0");
    lab.onMachine("c", "ip", "route", "add", `${ipOf("b")}/32`, "dev", "eth0", "src", ipOf("a"));
    const before = segmentsReceived(lab, "b");
    expect(tryCall("c", ipOf("b"))).toMatch(/TIMEOUT|EHOSTUNREACH/);
    const link = `${linkLocal(lab, "b")}%eth0`;
    expect(tryCall("c", link)).toMatch(/TIMEOUT|EHOSTUNREACH/);
    expect(segmentsReceived(lab, "b")).toBe(before);
    // Without what guards the bridge both would have arrived.
    const table = lab.onNode("nft", "list", "tables", "bridge").trim().split(" ").at(-1) ?? "";
    lab.onNode("nft", "delete", "table", "bridge", table);
    tryCall("c", ipOf("b"));
    expect(segmentsReceived(lab, "b")).toBeGreaterThan(before);
    expect(call("c", link)).toBe("ECONNREFUSED");
  });

  test("a pod is not sent what is meant for another, whose hardware address it takes", async () => {
    const late = await lab.addPod("victim");
    pods.set("victim", late);
    await lab.serve("victim", "victim", 8080);
    await enforce();
    expect(call("a", late.ip)).toBe("victim");
    const own = linkOf(lab, "c");
    const take = (address: string) =>
      lab.onMachine("c", "ip", "link", "set", "dev", "eth0", "address", address);
    take(linkOf(lab, "victim"));
    expect(tryCall("c", ipOf("b"))).toMatch(/TIMEOUT|EHOSTUNREACH/);
    expect(call("a", late.ip)).toBe("victim");
    // Without what guards the bridge it learns the wrong port.
    const table = lab.onNode("nft", "list", "tables", "bridge").trim().split(" ").at(-1) ?? "";
    lab.onNode("nft", "delete", "table", "bridge", table);
    tryCall("c", ipOf("b"));
    expect(tryCall("a", late.ip)).toMatch(/TIMEOUT|EHOSTUNREACH/);
    take(own);
  });
});

const ECHO = `
const server = require("net").createServer((socket) => socket.pipe(socket));
server.listen(7777, () => console.log("ready"));
`;

/** Speaks once, waits to be told, and speaks again by the same connection. */
const TALKER = `
const socket = require("net").connect({ host: process.argv[1], port: 7777 });
socket.on("connect", () => socket.write("hello"));
let count = 0;
socket.on("data", () => console.log(count++ === 0 ? "connected" : "still here"));
process.stdin.on("data", () => socket.write("again"));
`;

/** How much of TCP has come as far as the pod's own stack. */
function segmentsReceived(lab: Lab, machine: string): number {
  const text = lab.onMachine(machine, "cat", "/proc/net/snmp");
  const [, values] = text.split("\n").filter((line) => line.startsWith("Tcp:"));
  return Number(values?.split(" ")[10]);
}

/** The hardware address of a machine's interface. */
function linkOf(lab: Lab, machine: string): string {
  const [link] = JSON.parse(lab.onMachine(machine, "ip", "-j", "link", "show", "dev", "eth0"));
  return (link as { address: string }).address;
}

function linkLocal(lab: Lab, machine: string): string {
  const text = lab.onMachine(machine, "ip", "-6", "-o", "address", "show", "dev", "eth0");
  return /inet6 (fe80[^/]+)/.exec(text)?.[1] ?? "none";
}

/** As the server tells it: through its own tables, of pods that have their name as label `app`. */
async function tellPolicies(
  lab: Lab,
  policies: readonly NetworkPolicy[],
  names: readonly string[],
  ipOf: (name: string) => string,
): Promise<void> {
  const bench = new PolicyBench("node-1");
  const namespaces = ["default", "kube-system"].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    spec: {},
  }));
  const pods = [...new Set(names)].map(
    (name): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", uid: `uid-${name}`, labels: { app: name } },
      spec: {
        nodeName: "node-1",
        containers: [
          { name: "main", image: "web", ports: [{ name: "http", containerPort: 8080 }] },
        ],
      },
      status: { podIP: ipOf(name) },
    }),
  );
  bench.become({ policies, namespaces, pods });
  const state = bench.tell();
  const groups = Object.fromEntries(
    [...state.groups].map(([id, { members }]) => [id, [...members]]),
  );
  await lab.node.ask({
    do: "policies",
    policies: { policies: [...state.policies.values()], groups },
  });
}
