import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { type Rng, seededRng } from "#kit/rng";
import { sendSignal } from "#kit/send-signal";
import type { TestCluster } from "#test/support/cluster";
import { eventually } from "#test/support/host";

/** What the chaos tests kill, and how they see that nothing is left behind. */
export type Victim =
  | "server"
  | "agent"
  | "ingress"
  | "launcher"
  | "nginx worker"
  | "nginx master"
  | "supervisor";

const RESTART_TIMEOUT_MS = 45_000;

/** The same seed makes the same choices: set KAJI_SEED to the number that a failed run printed. */
export function chaosRng(name: string): Rng {
  const seed = Number(process.env.KAJI_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`${name}: KAJI_SEED=${seed}`);
  return seededRng(seed);
}

export function pick<T>(rng: Rng, from: readonly T[]): T {
  const chosen = from[Math.floor(rng.next() * from.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

/** A random moment is part of the attack; nothing is expected of the time that passes. */
export function randomMoment(rng: Rng, maxMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, rng.next() * maxMs));
}

/** Waits until the victim lives, and kills it at once; gives its process id. */
export async function killOne(cluster: TestCluster, victim: Victim, rng: Rng): Promise<number> {
  const pid = await eventually(
    `the ${victim} to kill lives`,
    () => {
      const pids = pidsOf(cluster, victim);
      return pids.length > 0 && pick(rng, pids);
    },
    RESTART_TIMEOUT_MS,
  );
  kill(pid);
  return pid;
}

export function kill(pid: number): void {
  sendSignal(pid, "SIGKILL");
}

export function pidsOf(cluster: TestCluster, victim: Victim): number[] {
  switch (victim) {
    case "server":
    case "agent":
    case "ingress":
      return keptPid(cluster, victim);
    case "launcher":
      return keptPid(cluster, "agent").flatMap((agent) =>
        childrenOf(agent).filter((pid) => commandOf(pid).includes("kaji-native")),
      );
    case "nginx master":
      return nginxMaster(cluster);
    case "nginx worker":
      return nginxMaster(cluster).flatMap(childrenOf);
    case "supervisor":
      return supervisorsOf(cluster).map(({ pid }) => pid);
  }
}

/** The component, not the pause of its keeper. */
function keptPid(cluster: TestCluster, component: "server" | "agent" | "ingress"): number[] {
  const keeper = readPid(join(cluster.locations.run, `${component}.pid`));
  return childrenOf(keeper).filter((pid) =>
    commandOf(pid).includes(` ${component} --root-dir ${cluster.rootDir} `),
  );
}

function nginxMaster(cluster: TestCluster): number[] {
  const pid = readPid(join(cluster.locations.run, "ingress/nginx.pid"));
  return commandOf(pid).includes("nginx: master") ? [pid] : [];
}

/** Processes whose working directory is a sandbox of this root: one for each pod that runs. */
export function supervisorsOf(cluster: TestCluster): { pid: number; directory: string }[] {
  const sandboxes = join(cluster.locations.run, "sandboxes/");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const directory = ifThere(() => readlinkSync(`/proc/${name}/cwd`));
      const isOurs = directory?.startsWith(sandboxes) && commOf(name) === "kaji-sandbox";
      return isOurs && directory ? [{ pid: Number(name), directory }] : [];
    });
}

/** The processes in the control groups of this root: first process of each container included. */
export function groupedPids(cluster: TestCluster): number[] {
  const root = join("/sys/fs/cgroup/pids", cluster.locations.instance);
  const below = (folder: string): number[] => [
    ...(ifThere(() => readFileSync(join(folder, "cgroup.procs"), "utf8")) ?? "")
      .split("\n")
      .filter(Boolean)
      .map(Number),
    ...(ifThere(() => readdirSync(folder, { withFileTypes: true })) ?? [])
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => below(join(folder, entry.name))),
  ];
  return below(root);
}

export function childrenOf(pid: number): number[] {
  const text = ifThere(() => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")) ?? "";
  return text.split(" ").filter(Boolean).map(Number);
}

export function commandOf(pid: number): string {
  return (ifThere(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "").replaceAll("\0", " ");
}

function commOf(pid: string): string {
  return (ifThere(() => readFileSync(`/proc/${pid}/comm`, "utf8")) ?? "").trim();
}

function readPid(file: string): number {
  return Number(ifThere(() => readFileSync(file, "utf8")) ?? 0);
}

/** Processes and their files come and go while they are looked at. */
function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH", "EACCES", "ENODEV"].includes(code)) return undefined;
    throw error;
  }
}

/** The addresses that nginx sends to now, as nginx itself says; none while it is not there. */
export function servedAddresses(cluster: TestCluster): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socketPath = join(cluster.locations.run, "ingress/admin.sock");
    const outgoing = request(
      { socketPath, path: "/backends", headers: { host: "kaji" }, agent: false, timeout: 5_000 },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on("error", reject);
        response.on("end", () => {
          const lines = text.split("\n").filter(Boolean);
          resolve(lines.flatMap((line) => (line.split("\t")[1] ?? "").split(",").filter(Boolean)));
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("nginx does not answer")));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const isAway = ["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(error.code ?? "");
      if (isAway) resolve([]);
      else reject(error);
    });
    outgoing.end();
  });
}
