import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Locations, locationsFor } from "#kit/locations";
import { packageRoot } from "#kit/package-root";
import { sendSignal } from "#kit/send-signal";
import { type Finished, runProgram } from "#test/support/cluster";
import { findProgram } from "#test/support/host";
import { childOf, Machine } from "#test/support/hosts-machine";

/**
 * Several hosts on one machine, for tests: each has its own network, mounts, processes and /run, and a cable to a
 * switch. The switch is a host too (one bridge per subnet), and the router between subnets and default gateway of
 * all. Needs root, `ip`, `nsenter` and `unshare`; the machine's own network is never touched.
 *
 *   const lab = await openHosts();
 *   const one = await lab.startHost("one");                        // 192.0.2.1
 *   const far = await lab.startHost("far", { subnet: 1 });         // 198.51.100.2, behind the router
 *   one.spawnKaji("server", "--bind-address", one.ip);             // with one's --root-dir; log in one.logFile
 *   const agent = one.spawnKaji("agent", ...);                     // agent.kill("SIGKILL"), agent.ended
 *   await one.kaji("down"); await one.run(["ip", "route"]);        // { code, stdout, stderr }, never throws for a code
 *   await one.cutOff(); await one.reconnect();                     // frames vanish silently, both ways
 *   await one.cutOff(two); await one.reconnect(two);               // only those between the two
 *   await one.kill9(); await one.boot();                           // power failure; then an empty /run, a new boot id
 *   await lab.close();                                             // nothing is left
 *
 * hosts-cluster.ts starts servers and agents on it, hosts-etcd.ts an etcd; hosts-pods.ts has pods that say who asked.
 * KAJI_PROGRAM names another build than ./kaji.
 */
export interface HostsLab {
  readonly root: string;
  readonly hosts: ReadonlyMap<string, LabHost>;
  startHost(name: string, options?: { readonly subnet?: number }): Promise<LabHost>;
  /** Runs a program on the switch: `ip`, `nft`, `tc` between hosts. */
  onSwitch(argv: readonly string[]): Promise<Finished>;
  close(): Promise<void>;
}

export interface LabHost {
  readonly name: string;
  readonly ip: string;
  readonly rootDir: string;
  readonly locations: Locations;
  /** What its programs say, one after the other. */
  readonly logFile: string;
  /** To its end. */
  run(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** As `run`, and throws unless it ends with 0; gives what it printed. */
  must(argv: readonly string[], options?: RunOptions): Promise<string>;
  /** `kaji ARGS --root-dir ROOT` to its end. */
  kaji(...args: string[]): Promise<Finished>;
  /** A program that goes on running. */
  spawn(argv: readonly string[]): LabProcess;
  spawnKaji(...args: string[]): LabProcess;
  /** Frames from and to it vanish silently: all, or those to one other host of the same subnet. */
  cutOff(from?: LabHost): Promise<void>;
  reconnect(to?: LabHost): Promise<void>;
  /** Everything that runs there is gone at once; files stay. */
  kill9(): Promise<void>;
  /** After `kill9`: the host is there again, and nothing runs on it. */
  boot(): Promise<void>;
  isOn(): boolean;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export interface LabProcess {
  /** Its exit code, or the signal's name. Also resolves when the host is killed. */
  readonly ended: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Ranges for documentation: nobody's. Host n has n as its last octet, the router 254. */
const SUBNETS = ["192.0.2", "198.51.100", "203.0.113"] as const;
const ROUTER_OCTET = 254;

/** Frames of ports in `cut` vanish, and so do those between two ports in `parted`. */
const CABLES = `table bridge cables {
  set cut { type ifname; }
  set parted { type ifname . ifname; }
  chain enter { type filter hook prerouting priority filter; iifname @cut drop; }
  chain pass { type filter hook forward priority filter; iifname . oifname @parted drop; }
  chain leave { type filter hook postrouting priority filter; oifname @cut drop; }
}
`;

/** Why there can be no lab here; undefined: there can. */
export function whyNoHosts(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  const missing = ["ip", "nft", "nsenter", "unshare"].filter((name) => !findProgram(name));
  return missing.length > 0 ? `needs ${missing.join(", ")}` : undefined;
}

export async function openHosts(): Promise<HostsLab> {
  const root = mkdtempSync(join(tmpdir(), "kaji-hosts-"));
  const fabric = new Machine("switch", root);
  const hosts = new Map<string, LabHost>();
  await fabric.boot();
  const subnets = SUBNETS.map((subnet, index) => [
    `link add br${index} type bridge`,
    `address add ${subnet}.${ROUTER_OCTET}/24 dev br${index}`,
    `link set br${index} up`,
  ]);
  await must(fabric, ["ip", "-batch", "-"], { input: `${subnets.flat().join("\n")}\n` });
  await must(fabric, ["nft", "-f", "-"], { input: CABLES });
  await must(fabric, ["sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"]);
  return {
    root,
    hosts,
    async startHost(name, { subnet = 0 } = {}) {
      const address = { subnet, octet: hosts.size + 1 };
      const host = createHost(new Machine(name, root), fabric, address);
      hosts.set(name, host);
      await host.boot();
      return host;
    },
    onSwitch: (argv) => runOn(fabric, argv),
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.kill9()));
      await fabric.powerOff();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

interface CablePlan {
  readonly subnet: number;
  readonly octet: number;
}

function createHost(machine: Machine, fabric: Machine, { subnet, octet }: CablePlan): LabHost {
  const { name, rootDir } = machine;
  const network = SUBNETS[subnet];
  const ip = `${network}.${octet}`;
  const port = portOf(ip);
  const logFile = `${rootDir}.log`;
  const program = process.env.KAJI_PROGRAM ?? join(packageRoot(), "kaji");
  const root = ["--root-dir", rootDir];
  const cable = async (verb: "add" | "delete", set: string, elements: string): Promise<void> => {
    const { code, stderr } = await runOn(fabric, [
      "nft",
      verb,
      "element",
      "bridge",
      "cables",
      set,
      `{ ${elements} }`,
    ]);
    const isSo = verb === "delete" && stderr.includes("No such file");
    if (code !== 0 && !isSo) throw new Error(`the cable of ${name}: ${stderr}`);
  };
  const between = (other: LabHost): string => {
    const its = portOf(other.ip);
    return `${port} . ${its}, ${its} . ${port}`;
  };
  return {
    name,
    ip,
    rootDir,
    locations: locationsFor(rootDir),
    logFile,
    run: (argv, options) => runOn(machine, argv, options),
    must: (argv, options) => must(machine, argv, options),
    kaji: (...args) => runOn(machine, [program, ...args, ...root]),
    spawn: (argv) => startOn(machine, argv, logFile),
    spawnKaji: (...args) => startOn(machine, [program, ...args, ...root], logFile),
    cutOff: (from) => (from ? cable("add", "parted", between(from)) : cable("add", "cut", port)),
    reconnect: (to) => (to ? cable("delete", "parted", between(to)) : cable("delete", "cut", port)),
    async kill9() {
      await machine.powerOff();
      await machine.removeGroups();
    },
    async boot() {
      await machine.boot();
      await plugIn(machine, fabric, port, `br${subnet}`);
      const lines = [
        // Of its own, so that neighbours know it again after a boot.
        `link set eth0 address 02:00:00:00:0${subnet}:${octet.toString(16).padStart(2, "0")}`,
        `address add ${ip}/24 dev eth0`,
        "link set eth0 up",
        `route add default via ${network}.${ROUTER_OCTET}`,
      ];
      await must(machine, ["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
    },
    isOn: () => machine.isOn(),
  };
}

function portOf(ip: string): string {
  return `port${ip.split(".").at(-1)}`;
}

/** From outside, where both machines have a process id. A cable of an earlier boot may still be going away. */
async function plugIn(
  machine: Machine,
  fabric: Machine,
  port: string,
  bridge: string,
): Promise<void> {
  const ip = [`--target=${fabric.pid}`, "--net", "ip", "link"];
  await runProgram("nsenter", [...ip, "delete", "dev", port]);
  const ends = ["type", "veth", "peer", "name", "eth0", "netns", `${machine.pid}`];
  const cable = ["add", port, "master", bridge, "up", ...ends];
  const { code, stderr } = await runProgram("nsenter", [...ip, ...cable]);
  if (code !== 0) throw new Error(`no cable for ${machine.name}: ${stderr}`);
}

function runOn(machine: Machine, argv: readonly string[], options: RunOptions = {}) {
  const [program = "", ...args] = machine.inside(argv);
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, ...options.env };
  return runProgram(program, args, { ...options, env });
}

async function must(
  machine: Machine,
  argv: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runOn(machine, argv, options);
  if (code === 0) return stdout;
  throw new Error(`${argv.slice(0, 8).join(" ")} on ${machine.name} ended with ${code}: ${stderr}`);
}

function startOn(machine: Machine, argv: readonly string[], logFile: string): LabProcess {
  const [program = "", ...args] = machine.inside(argv);
  const log = openSync(logFile, "a");
  const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
  const entry = spawn(program, args, { stdio: ["ignore", log, log], env });
  closeSync(log);
  const ended = once(entry, "exit").then(([code, signal]) => (code ?? signal) as number);
  const isRunning = (): boolean => entry.exitCode === null && entry.signalCode === null;
  const signal = (name: NodeJS.Signals): void => {
    if (isRunning()) signalInside(entry, name);
  };
  return {
    ended,
    isRunning,
    signal,
    async kill(name = "SIGKILL") {
      signal(name);
      await ended;
    },
  };
}

/** nsenter waits outside for the program that it has started inside. */
function signalInside(entry: ChildProcess, name: NodeJS.Signals): void {
  const pid = childOf(entry.pid ?? 0) ?? entry.pid ?? 0;
  sendSignal(pid, name);
}

/** The end of what a host's programs have said: for the message of a failed test. */
export function lastWords({ logFile }: LabHost, lines = 15): string {
  return readFileSync(logFile, "utf8").split("\n").slice(-lines).join("\n");
}
