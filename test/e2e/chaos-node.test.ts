import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rng } from "#kit/rng";
import {
  chaosRng,
  commandOf,
  groupedPids,
  kill,
  killOne,
  pidsOf,
  randomMoment,
} from "#test/support/chaos";
import {
  chaosNeeds,
  hostFor,
  hostOfPods,
  installDemo,
  isChaosPossible,
  must,
  podsOf,
  untilSettled,
} from "#test/support/chaos-cluster";
import { createCluster, runProgram, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";

/** Supervisors, containers and the agent are killed on a node; then the node loses everything that a reboot takes. */
const REPLICAS = 3;
const MANY = 50;

let cluster: TestCluster;
let rng: Rng;

beforeAll(async () => {
  if (!isChaosPossible) return;
  rng = chaosRng("chaos-node");
  cluster = await createCluster({ podCidr: "10.232.0.0/16", serviceCidr: "10.82.0.0/16" });
  must(await cluster.up());
  await installDemo(cluster);
  await untilSettled(cluster, REPLICAS);
}, 240_000);

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

async function scaleTo(replicas: number): Promise<void> {
  must(await cluster.kubectl("scale", "deployment/demo", `--replicas=${replicas}`));
}

async function nothingIsLeft(pods: number): Promise<void> {
  const wanted = JSON.stringify(hostFor(pods));
  await eventually(
    `the host holds what ${pods} pods need`,
    () => JSON.stringify(hostOfPods(cluster)) === wanted,
    30_000,
  ).catch(() => undefined);
  expect(hostOfPods(cluster)).toEqual(hostFor(pods));
}

describe("a node whose processes are killed", () => {
  test("a killed supervisor's containers are started again, once", async (context) => {
    requireHost(context, chaosNeeds);
    const before = await untilSettled(cluster, REPLICAS);
    await killOne(cluster, "supervisor", rng);
    await eventually("a restart is counted", async () =>
      (await podsOf(cluster, "-l", "app=demo")).some(({ restarts }) => restarts > 0),
    );
    const after = await untilSettled(cluster, REPLICAS);
    expect(after.map(({ uid }) => uid).sort()).toEqual(before.map(({ uid }) => uid).sort());
    expect(after.map(({ restarts }) => restarts).sort()).toEqual([0, 0, 1]);
    await nothingIsLeft(REPLICAS);
  });

  test("a supervisor that is killed while the agent is away is noticed by the next agent", async (context) => {
    requireHost(context, chaosNeeds);
    const before = (await untilSettled(cluster, REPLICAS)).reduce(
      (sum, pod) => sum + pod.restarts,
      0,
    );
    await killOne(cluster, "agent", rng);
    await killOne(cluster, "supervisor", rng);
    await eventually("a restart is counted", async () => {
      const pods = await podsOf(cluster, "-l", "app=demo");
      return pods.reduce((sum, pod) => sum + pod.restarts, 0) === before + 1;
    });
    await untilSettled(cluster, REPLICAS);
    await nothingIsLeft(REPLICAS);
  });

  test("a container whose process is killed again and again backs off, and each restart is counted", async (context) => {
    requireHost(context, chaosNeeds);
    const spec = {
      containers: [{ name: "main", image: "kaji.dev/demo:v1", command: ["sleep", "9999"] }],
    };
    const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name: "mortal" }, spec };
    must(await cluster.kubectlInput(JSON.stringify(manifest), "apply", "-f", "-"));
    const sleeper = (): number | undefined => groupedPids(cluster).find((pid) => isSleeper(pid));
    const restarts = async (): Promise<number> =>
      (await podsOf(cluster, "mortal"))[0]?.restarts ?? -1;
    for (const count of [1, 2]) {
      kill(await eventually("the container runs", sleeper, 30_000));
      await eventually(`restart ${count}`, async () => (await restarts()) === count, 30_000);
    }
    kill(await eventually("the container runs", sleeper, 30_000));
    await eventually("it backs off", async () => {
      const [pod] = await podsOf(cluster, "mortal");
      return pod?.message.includes("CrashLoopBackOff");
    });
    expect(await restarts()).toBe(2);
    must(await cluster.kubectl("delete", "pod", "mortal", "--grace-period=0", "--force"));
    await nothingIsLeft(REPLICAS);
  });

  test(`the agent is killed while ${MANY} pods start and while they end`, async (context) => {
    requireHost(context, chaosNeeds);
    await scaleTo(MANY);
    for (let round = 0; round < 3; round++) {
      await randomMoment(rng, 1_500);
      await killOne(cluster, round === 1 ? "launcher" : "agent", rng);
    }
    const pods = await untilSettled(cluster, MANY);
    expect(new Set(pods.map(({ ip }) => ip)).size).toBe(MANY);
    await nothingIsLeft(MANY);
    await scaleTo(REPLICAS);
    for (let round = 0; round < 2; round++) {
      await randomMoment(rng, 1_500);
      await killOne(cluster, "agent", rng);
    }
    await untilSettled(cluster, REPLICAS);
    await nothingIsLeft(REPLICAS);
  });

  test("after a reboot `kaji up` brings the pods back", async (context) => {
    requireHost(context, chaosNeeds);
    const before = await untilSettled(cluster, REPLICAS);
    await loseEverything();
    must(await cluster.up());
    // Until the agent has said otherwise, the API shows what was before.
    const containersBefore = before.map(({ containerId }) => containerId);
    await eventually("the agent tells of other containers", async () =>
      (await podsOf(cluster, "-l", "app=demo")).every(
        ({ containerId }) => !containersBefore.includes(containerId),
      ),
    );
    const after = await untilSettled(cluster, REPLICAS);
    expect(after.map(({ uid }) => uid).sort()).toEqual(before.map(({ uid }) => uid).sort());
    expect(new Set(after.map(({ ip }) => ip)).size).toBe(REPLICAS);
    for (const pod of after) {
      const earlier = before.find(({ uid }) => uid === pod.uid);
      expect(pod.containerId).not.toBe(earlier?.containerId);
      expect(pod.restarts).toBe((earlier?.restarts ?? 0) + 1);
    }
    await nothingIsLeft(REPLICAS);
  });
});

function isSleeper(pid: number): boolean {
  return commandOf(pid).includes("sleep 9999");
}

/** Every process dies at once and the run files vanish. */
async function loseEverything(): Promise<void> {
  const { run } = cluster.locations;
  const keepers = ["server", "agent", "ingress"].map((component) =>
    Number(readFileSync(join(run, `${component}.pid`), "utf8")),
  );
  const others = [
    "agent",
    "server",
    "ingress",
    "launcher",
    "nginx master",
    "nginx worker",
  ] as const;
  const pids = others.flatMap((victim) => pidsOf(cluster, victim));
  for (const pid of [...keepers, ...pids, ...pidsOf(cluster, "supervisor")]) kill(pid);
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((path) => path.startsWith(`${run}/`))
    .sort((a, b) => b.length - a.length);
  for (const path of mounts) await runProgram("umount", ["--lazy", path]);
  rmSync(run, { recursive: true, force: true });
}
