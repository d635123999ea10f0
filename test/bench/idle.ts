import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { podKind } from "#api/kinds/pod";
import { keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import { type BenchCluster, IMAGE, removePod, withCluster } from "#test/bench/bench-cluster";
import { cpuMs, descendants, memoryKib } from "#test/bench/processes";
import { row } from "#test/bench/statistics";

/**
 * What a cluster costs that does nothing: memory and CPU of each component with no pods and with 30, and the memory
 * of an idle container beyond its workload. Peer: the same workload as a bare process.
 */
const PODS = 30;
const WINDOW_MS = 20_000;
const SETTLE_MS = 10_000;
const KIB = 1024;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function componentsOf({ cluster }: BenchCluster): Record<string, number[]> {
  const master = Number(readFileSync(join(cluster.locations.run, "ingress/nginx.pid"), "utf8"));
  return {
    server: [cluster.pidOf("server")],
    agent: [cluster.pidOf("agent")],
    ingress: [cluster.pidOf("ingress")],
    nginx: [master, ...descendants(master)],
  };
}

async function measureIdle(bench: BenchCluster, title: string): Promise<void> {
  await pause(SETTLE_MS);
  const components = componentsOf(bench);
  const before = Object.values(components).map(cpuMs);
  await pause(WINDOW_MS);
  let ours = { mebibytes: 0, percent: 0 };
  Object.entries(components).forEach(([name, pids], i) => {
    const mebibytes = pids.reduce((sum, pid) => sum + memoryKib(pid, "Rss"), 0) / KIB;
    const share = (cpuMs(pids) - (before[i] ?? 0)) / WINDOW_MS;
    if (name === "server" || name === "agent") {
      ours = { mebibytes: ours.mebibytes + mebibytes, percent: ours.percent + share * 100 };
    }
    row(
      `${name}, ${title}`,
      `${mebibytes.toFixed(0)} MiB RSS, ${(share * 100).toFixed(2)} % of a core`,
    );
  });
  row(
    `server and agent, ${title}`,
    `${ours.mebibytes.toFixed(0)} MiB (${(ours.mebibytes / 250).toFixed(2)}x of 250), ${ours.percent.toFixed(2)} %`,
  );
}

function sleeper(i: number): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `idle-${i}`, namespace: "default" },
    spec: {
      containers: [{ name: "sleep", image: IMAGE, command: ["/bin/sleep", "100000"] }],
      terminationGracePeriodSeconds: 0,
    },
  };
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}

/** Every process of the host that runs one of these pods' workloads, or is the parent of one. */
function workloads(): { sleepers: number[]; supervisors: number[] } {
  const sleepers = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isSleeper(pid));
  const supervisors = [...new Set(sleepers.map(parentOf))];
  return { sleepers, supervisors };
}

function isSleeper(pid: number): boolean {
  try {
    return commandLine(pid).trim() === "/bin/sleep 100000";
  } catch {
    return false; // it ended between the listing and the look
  }
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]);
}

async function measureContainers(): Promise<void> {
  const { sleepers, supervisors } = workloads();
  const mean = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + memoryKib(pid, "Pss"), 0) / pids.length;
  const bare = await bareSleep();
  const supervisor = (mean(supervisors) * supervisors.length) / sleepers.length;
  row(
    `supervisor per idle container (${supervisors.length} for ${sleepers.length})`,
    `${supervisor.toFixed(0)} KiB Pss (${(supervisor / bare).toFixed(2)}x of a bare sleep's ${bare.toFixed(0)} KiB)`,
  );
  row("workload of an idle container", `${mean(sleepers).toFixed(0)} KiB Pss`);
}

/** As many bare ones as there are containers, so that what they share is shared among as many. */
async function bareSleep(): Promise<number> {
  const children = Array.from({ length: PODS }, () =>
    spawn("busybox", ["sleep", "100000"], { stdio: "ignore" }),
  );
  try {
    await pause(500);
    const kib = children.map(({ pid = 0 }) => memoryKib(pid, "Pss"));
    return kib.reduce((sum, one) => sum + one, 0) / PODS;
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

await withCluster(async (bench) => {
  await measureIdle(bench, "0 pods");
  const pods = Array.from({ length: PODS }, (_, i) => sleeper(i));
  for (const pod of pods) await bench.client.create(podKind, pod);
  await Promise.all(
    pods.map((pod) =>
      bench.untilPod(keyOf(pod), (current) => current?.status?.phase === "Running"),
    ),
  );
  await measureIdle(bench, `${PODS} pods`);
  await measureContainers();
  await Promise.all(pods.map((pod) => removePod(bench, pod)));
});
process.exit(process.exitCode ?? 0);
