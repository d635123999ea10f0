import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { locationsFor } from "#kit/locations";
import { hardwareAddressOf } from "#node-agent/network/names";
import type { PodAddress } from "#node-agent/network/network";
import type { ServiceWithEndpoints } from "#node-agent/session/types";
import type { NodeCommand } from "#test/e2e/network-node";

/** Namespaces of the kernel as machines: a node, a machine outside the cluster, and pods on the node. */
export function whyNoNetwork(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  for (const tool of ["ip", "nft"]) {
    const isThere = ["/usr/sbin", "/sbin", "/usr/bin"].some((bin) => existsSync(`${bin}/${tool}`));
    if (!isThere) return `needs ${tool}`;
  }
  return undefined;
}

export const nodeConfig = {
  nodeName: "node-1",
  nodeIp: "192.0.2.1",
  podCidr: "10.244.0.0/24",
  clusterPodCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  clusterDomain: "cluster.local",
  dnsIp: "10.96.0.10",
};

const IP_TOOL = "ip";
export const NODE_IP = "192.0.2.1";
export const OUTSIDE_IP = "192.0.2.2";

export interface Lab {
  readonly root: string;
  node: AgentProcess;
  restartNode(signal?: NodeJS.Signals): Promise<void>;
  addPod(name: string, hostPorts?: readonly number[]): Promise<LabPod>;
  /** What nft calls this node's rules. */
  readonly table: string;
  /** From here on the node's tool of this name is killed whenever it runs; call what comes back to end that. */
  spoil(tool: string): () => void;
  /** A file that is there since a spoiled tool was killed. */
  spoiledMark(tool: string): string;
  /** Runs a program on the node. */
  onNode(...argv: string[]): string;
  /** The same on any machine. */
  onMachine(machine: string, ...argv: string[]): string;
  /** A script of node that runs beside the test, until `close` at the latest. */
  start(machine: string, script: string, ...args: string[]): ChildProcess;
  /** `count` TCP calls one after the other from a machine: what each heard, or its error's code. */
  call(from: string, host: string, port: number, count?: number, timeoutMs?: number): string[];
  callUdp(from: string, host: string, port: number): string;
  serve(machine: string, name: string, port: number, host?: string): Promise<void>;
  /** A nameserver that knows every name as 198.51.100.99. */
  serveNames(machine: string): Promise<void>;
  /** The A records that the cluster's DNS gives, or its error's code. */
  resolve(from: string, name: string): string[] | string;
  close(): Promise<void>;
}

export interface LabPod {
  readonly machine: string;
  readonly ip: string;
  readonly address: PodAddress;
}

export interface LabOptions {
  readonly nameservers?: readonly string[];
  /** false: the node's agent does not see br_netfilter, and the kernel does not use it there. */
  readonly hasBridgeFilter?: boolean;
  /** nft can be spoiled. */
  readonly hasFragileTools?: boolean;
}

/** Stands before the tool in the node's PATH. */
const FRAGILE = `#!/bin/sh
name=\${0##*/}
if test -e "$0.spoiled"; then
  : >"$0.killed"
  kill -9 $$
fi
PATH=\${PATH#*:} exec "$name" "$@"
`;

/** Machine names: "node", "outside" or a pod's. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const { nameservers = [], hasBridgeFilter = true } = options;
  const root = mkdtempSync("/tmp/kaji-network-");
  const tag = `kjl${process.pid}`;
  const machines = new Set<string>();
  const children: ChildProcess[] = [];
  const ns = (machine: string): string => `${tag}-${machine}`;
  const sh = (...argv: string[]): string => execFileSync(argv[0] ?? "", argv.slice(1), quiet);
  const on = (machine: string, ...argv: string[]): string =>
    sh("ip", "netns", "exec", ns(machine), ...argv);
  const addMachine = (machine: string): void => {
    sh("ip", "netns", "add", ns(machine));
    machines.add(machine);
    on(machine, "ip", "link", "set", "lo", "up");
  };
  addMachine("node");
  addMachine("outside");
  on(
    "node",
    "ip",
    "link",
    "add",
    "eth0",
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    ns("outside"),
  );
  for (const [machine, ip] of [
    ["node", NODE_IP],
    ["outside", OUTSIDE_IP],
  ] as const) {
    on(machine, "ip", "address", "add", `${ip}/24`, "dev", "eth0");
    on(machine, "ip", "link", "set", "eth0", "up");
  }
  on("node", "ip", "route", "add", "default", "via", OUTSIDE_IP);
  // A namespace begins with what the host has now.
  on("node", "sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward");
  // As on a host where nobody else asked for it: the bridge must ask for itself.
  const filterSwitch = "/proc/sys/net/bridge/bridge-nf-call-iptables";
  on("node", "sh", "-c", `test ! -e ${filterSwitch} || echo 0 > ${filterSwitch}`);

  const start = (machine: string, script: string, ...args: string[]) => {
    const program = ["netns", "exec", ns(machine), process.execPath, "-e", script, ...args];
    const child = spawn(IP_TOOL, program, { stdio: ["pipe", "pipe", "inherit"] });
    children.push(child);
    return child;
  };
  const serve = async (machine: string, script: string, ...args: string[]): Promise<void> => {
    await once(start(machine, script, ...args).stdout, "data");
  };
  const tools = join(root, "fragile");
  const environment = { ...process.env };
  if (options.hasFragileTools) {
    mkdirSync(tools);
    writeFileSync(join(tools, "nft"), FRAGILE, { mode: 0o755 });
    environment["PATH"] = `${tools}:${process.env["PATH"]}:/usr/sbin:/sbin`;
  }
  const startNode = (): AgentProcess => {
    const agent = new AgentProcess(
      ns("node"),
      [root, ...nameservers],
      hasBridgeFilter,
      environment,
    );
    children.push(agent.child);
    return agent;
  };
  const lab: Lab = {
    root,
    node: startNode(),
    async restartNode(signal = "SIGKILL") {
      lab.node.child.kill(signal);
      await once(lab.node.child, "exit");
      lab.node = startNode();
    },
    async addPod(name, hostPorts = []) {
      const request = {
        namespace: "default",
        name,
        uid: `uid-${name}`,
        hostPorts: hostPorts.map((hostPort) => {
          return { hostIp: undefined, hostPort, containerPort: 8080, protocol: "TCP" as const };
        }),
      };
      const address = (await lab.node.ask({ do: "attach", request })) as PodAddress;
      const { bridge, hostInterface, gateway, address: cidr, mtu } = address.network;
      addMachine(name);
      const veth = ["link", "add", hostInterface, "mtu", `${mtu}`, "master", bridge, "up"];
      const peer = ["name", "eth0", "address", hardwareAddressOf(address.ip), "netns", ns(name)];
      on("node", "ip", ...veth, "type", "veth", "peer", ...peer);
      on(name, "ip", "address", "add", cidr, "dev", "eth0");
      on(name, "ip", "link", "set", "eth0", "up");
      on(name, "ip", "route", "add", "default", "via", gateway);
      return { machine: name, ip: address.ip, address };
    },
    table: locationsFor(root).instance,
    spoil(tool) {
      const flag = join(tools, `${tool}.spoiled`);
      rmSync(lab.spoiledMark(tool), { force: true });
      writeFileSync(flag, "");
      return () => rmSync(flag);
    },
    spoiledMark: (tool) => join(tools, `${tool}.killed`),
    onNode: (...argv) => on("node", ...argv),
    onMachine: on,
    start,
    call: (from, host, port, count = 1, timeoutMs = 20_000) => {
      const args = [host, `${port}`, `${count}`, `${timeoutMs}`];
      return JSON.parse(on(from, process.execPath, "-e", CALLER, ...args)) as string[];
    },
    callUdp: (from, host, port) => on(from, process.execPath, "-e", UDP_CALLER, host, `${port}`),
    serve: (machine, name, port, host = "0.0.0.0") => serve(machine, SERVER, name, `${port}`, host),
    serveNames: (machine) => serve(machine, NAME_SERVER),
    resolve: (from, name) =>
      JSON.parse(on(from, process.execPath, "-e", RESOLVER, nodeConfig.dnsIp, name)) as string[],
    async close() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      for (const machine of machines) sh("ip", "netns", "delete", ns(machine));
      rmSync(root, { recursive: true, force: true });
    },
  };
  return lab;
}

const quiet = { encoding: "utf8", stdio: "pipe" } as const;

/** The process of network-node.ts; commands are answered in order. */
export class AgentProcess {
  readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor(
    namespace: string,
    args: readonly string[],
    hasBridgeFilter: boolean,
    environment: NodeJS.ProcessEnv,
  ) {
    const node = [process.execPath, "--import", "tsx", "--conditions=source"];
    const program = [...node, "test/e2e/network-node.ts", ...args];
    // The namespace's process has mounts of its own.
    const hide = "mount -t tmpfs none /proc/sys/net/bridge 2>/dev/null; ";
    const shell = ["sh", "-c", `${hasBridgeFilter ? "" : hide}exec "$@"`, "sh"];
    this.child = spawn(IP_TOOL, ["netns", "exec", namespace, ...shell, ...program], {
      stdio: ["pipe", "pipe", "inherit"],
      env: environment,
    });
    const lines: Interface = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.answers = lines[Symbol.asyncIterator]();
  }

  async ask(command: NodeCommand): Promise<unknown> {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the node's process ended at ${command.do}`);
    const answer = JSON.parse(value) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }
}

/** Answers each TCP connection and each datagram with "NAME CLIENT_ADDRESS". */
const SERVER = `
const [name, port, host] = process.argv.slice(1);
const udp = require("dgram").createSocket("udp4");
udp.on("message", (_, from) => udp.send(name + " " + from.address, from.port, from.address));
require("net").createServer((socket) => {
  socket.on("error", () => {});
  socket.end(name + " " + socket.remoteAddress.replace("::ffff:", ""));
}).listen(+port, host, () => udp.bind(+port, host, () => console.log("ready")));
`;

const CALLER = `
const [host, port, count, timeoutMs] = process.argv.slice(1);
const call = () => new Promise((resolve) => {
  let heard = "";
  const socket = require("net").connect({ host, port: +port });
  socket.setTimeout(+timeoutMs, () => socket.destroy(Object.assign(new Error(), { code: "TIMEOUT" })));
  socket.on("data", (data) => { heard += data; });
  socket.on("error", (error) => resolve(error.code));
  socket.on("close", () => resolve(heard));
});
(async () => {
  const all = [];
  for (let i = 0; i < +count; i++) all.push(await call());
  console.log(JSON.stringify(all));
})();
`;

const UDP_CALLER = `
const [host, port] = process.argv.slice(1);
const socket = require("dgram").createSocket("udp4");
const done = (text) => { process.stdout.write(text); process.exit(0); };
socket.on("message", (message) => done(String(message)));
socket.on("error", (error) => done(error.code));
setTimeout(() => done("TIMEOUT"), 20_000);
socket.connect(+port, host, () => socket.send("?"));
`;

const NAME_SERVER = `
const { decode, encode } = require("dns-packet");
const udp = require("dgram").createSocket("udp4");
udp.on("message", (message, from) => {
  const { id, questions } = decode(message);
  const answers = questions.map(({ name }) => ({ name, type: "A", ttl: 60, data: "198.51.100.99" }));
  udp.send(encode({ type: "response", id, questions, answers }), from.port, from.address);
});
udp.bind(53, () => console.log("ready"));
`;

const RESOLVER = `
const [server, name] = process.argv.slice(1);
const resolver = new (require("dns").Resolver)({ timeout: 10_000, tries: 1 });
resolver.setServers([server]);
resolver.resolve4(name, (error, found) => console.log(JSON.stringify(error ? error.code : found)));
`;

/** A Service "default/NAME" with one port, and one slice with these endpoints. */
export function serviceOf(
  name: string,
  spec: Partial<ServiceWithEndpoints["service"]["spec"]>,
  endpoints: readonly { readonly ip: string; readonly nodeName?: string }[],
  targetPort = 8080,
): ServiceWithEndpoints {
  const metadata = { name, namespace: "default" };
  const protocol = spec.ports?.[0]?.protocol ?? "TCP";
  return {
    service: { apiVersion: "v1", kind: "Service", metadata, spec },
    endpointSlices: [
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: { ...metadata, name: `${name}-1` },
        addressType: "IPv4",
        endpoints: endpoints.map(({ ip, nodeName = "node-1" }) => {
          return { addresses: [ip], nodeName, conditions: { ready: true } };
        }),
        ports: [{ name: "", port: targetPort, protocol }],
      },
    ],
  };
}
