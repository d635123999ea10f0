import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { servedAddresses, supervisorsOf } from "#test/support/chaos";
import { busyboxTar, type Finished, type TestCluster } from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";
import { withSbin } from "#test/support/host-state";

/** The cluster that a chaos test attacks, and the questions it asks afterwards. */
export const chaosNeeds = {
  root: true,
  programs: ["kubectl", "nginx", "nft", "ip", "busybox", "gcc"],
};

export const isChaosPossible =
  process.getuid?.() === 0 && chaosNeeds.programs.every((name) => findProgram(name) !== undefined);

const DEMO = join(packageRoot(), "manifests/demo");
const SETTLE_TIMEOUT_MS = 90_000;

export function must(finished: Finished): string {
  if (finished.code !== 0) throw new Error(finished.stderr || `exit code ${finished.code}`);
  return finished.stdout;
}

/** The demo's two images, and the demo behind the ingress with short grace periods. */
export async function installDemo(cluster: TestCluster): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "kaji-scratch-"));
  try {
    must(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const version of ["v1", "v2"]) {
    const tag = ["--tag", `kaji.dev/demo:${version}`, "--build-arg", `VERSION=${version}`];
    must(await cluster.kaji("build", DEMO, ...tag));
  }
  const files = ["configmap", "deployment", "service", "ingress"];
  const flags = files.flatMap((name) => ["-f", join(DEMO, `${name}.yaml`)]);
  must(await cluster.kubectl("apply", ...flags));
}

export interface PodSeen {
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
  readonly restarts: number;
  readonly isReady: boolean;
  readonly isEnding: boolean;
  readonly containerId: string;
  readonly message: string;
}

interface PodJson {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  status: {
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { restartCount: number; containerID?: string; state?: unknown }[];
  };
}

export async function podsOf(cluster: TestCluster, ...args: string[]): Promise<PodSeen[]> {
  const text = must(await cluster.kubectl("get", "pods", "-o", "json", ...args));
  const answer = JSON.parse(text) as PodJson | { items: PodJson[] };
  return ("items" in answer ? answer.items : [answer]).map(({ metadata, status }) => ({
    name: metadata.name,
    uid: metadata.uid,
    ip: status.podIP ?? "",
    restarts: status.containerStatuses?.[0]?.restartCount ?? 0,
    isReady:
      status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ??
      false,
    isEnding: metadata.deletionTimestamp !== undefined,
    containerId: status.containerStatuses?.[0]?.containerID ?? "",
    message: JSON.stringify(status.containerStatuses?.[0]?.state ?? {}),
  }));
}

/** Waits until the Deployment stands: `replicas` ready pods, no other, and nginx sends to exactly these. */
export async function untilSettled(cluster: TestCluster, replicas: number): Promise<PodSeen[]> {
  let why = "";
  const isSettled = async (): Promise<PodSeen[] | undefined> => {
    const listed = await cluster.kubectl("get", "nodes");
    why = listed.stderr || listed.stdout;
    if (!/node-1\s+Ready/.test(why)) return undefined;
    const pods = await podsOf(cluster, "-l", "app=demo");
    const served = (await servedAddresses(cluster)).sort();
    const wrong = pods.filter(({ isReady, isEnding }) => isEnding || !isReady);
    why = `${pods.length} pods, of them not as they should be: ${JSON.stringify(wrong.slice(0, 3))} (${wrong.length}); nginx sends to ${served.length} addresses`;
    const wanted = pods.map(({ ip }) => `${ip}:8080`).sort();
    const isRight =
      pods.length === replicas &&
      pods.every(({ isReady, isEnding }) => isReady && !isEnding) &&
      JSON.stringify(served) === JSON.stringify(wanted);
    return isRight ? pods : undefined;
  };
  try {
    return await eventually("the Deployment stands", isSettled, SETTLE_TIMEOUT_MS);
  } catch (cause) {
    const events = must(await cluster.kubectl("get", "events", "--field-selector=type=Warning"));
    why += `\n${events.split("\n").slice(-10).join("\n")}`;
    throw new Error(`the Deployment does not settle: ${why}`, { cause });
  }
}

/** What exists on the host for pods: equal to what the API lists, when nothing is left behind. */
export function hostOfPods(cluster: TestCluster): Record<string, number> {
  const { run, lib, instance } = cluster.locations;
  const bridge = `${instance}0`;
  // A cluster that is just starting has none yet.
  const links = existsSync(`/sys/class/net/${bridge}`)
    ? execFileSync("ip", ["-o", "link", "show", "master", bridge], {
        ...{ encoding: "utf8", env: withSbin() },
      })
    : "";
  return {
    supervisors: supervisorsOf(cluster).length,
    sandboxes: countIn(join(run, "sandboxes")),
    interfaces: links.split("\n").filter(Boolean).length,
    volumes: countIn(join(lib, "agent/pods")),
    groups: podGroups(join("/sys/fs/cgroup/pids", instance)),
  };
}

export function hostFor(pods: number): Record<string, number> {
  return {
    supervisors: pods,
    sandboxes: pods,
    interfaces: pods,
    volumes: pods,
    groups: pods,
  };
}

function podGroups(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .reduce((sum, { name }) => sum + (/^pod/.test(name) ? 1 : podGroups(join(folder, name))), 0);
}

function countIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).length : 0;
}
