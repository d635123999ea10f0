import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logFileOf } from "#cli/keeper";
import { packageRoot } from "#kit/package-root";
import type { Rng } from "#kit/rng";
import { chaosRng, kill, pidsOf } from "#test/support/chaos";
import {
  chaosNeeds,
  hostFor,
  hostOfPods,
  installDemo,
  isChaosPossible,
  must,
  untilSettled,
} from "#test/support/chaos-cluster";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { tracesOf } from "#test/support/traces";

/** `kaji up`, `kaji down` and the keepers are killed at random moments, run twice, and run at the same time. */
const REPLICAS = 3;
const ROUNDS = 4;
const COMPONENTS = ["server", "agent", "ingress"] as const;

let cluster: TestCluster;
let rng: Rng;

beforeAll(async () => {
  if (!isChaosPossible) return;
  rng = chaosRng("chaos-life");
  cluster = await createCluster({ podCidr: "10.233.0.0/16", serviceCidr: "10.83.0.0/16" });
});

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

function componentPids(): number[] {
  return COMPONENTS.flatMap((component) => pidsOf(cluster, component));
}

/** Starts the command line like a user would and kills it at a random moment. */
async function cutOff(args: readonly string[], withinMs: number): Promise<void> {
  const child = spawn(join(packageRoot(), "kaji"), args, { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), rng.next() * withinMs);
  await ended;
  clearTimeout(timer);
}

describe("a cluster whose start and end are cut off", () => {
  test("`kaji up` that was killed is followed by one that works", async (context) => {
    requireHost(context, chaosNeeds);
    for (let round = 0; round < ROUNDS; round++) await cutOff(cluster.upCommand, 2_000);
    must(await cluster.up());
    expect(componentPids()).toHaveLength(COMPONENTS.length);
    await installDemo(cluster);
    await untilSettled(cluster, REPLICAS);
  });

  test("a second `kaji up` changes nothing", async (context) => {
    requireHost(context, chaosNeeds);
    const before = componentPids();
    must(await cluster.up());
    expect(componentPids()).toEqual(before);
  });

  test("a component that cannot start ends with its reason, and is started again until it can", async (context) => {
    requireHost(context, chaosNeeds);
    const folder = join(cluster.locations.run, "ingress");
    // In the way of the configuration's next version, which is wanted once the present one is another.
    const inTheWay = join(folder, "nginx.conf.new");
    rmSync(inTheWay, { force: true });
    mkdirSync(inTheWay);
    appendFileSync(join(folder, "nginx.conf"), "# changed by a test\n");
    const log = logFileOf(cluster.locations, "ingress");
    const fromChar = readFileSync(log, "utf8").length;
    for (const pid of pidsOf(cluster, "ingress")) kill(pid);
    await eventually("its keeper has tried twice", () => {
      const said = readFileSync(log, "utf8").slice(fromChar);
      return (
        said.split("\n").filter((line) => line.startsWith(`kaji: ${inTheWay} is a folder`))
          .length >= 2
      );
    });
    rmdirSync(inTheWay);
    must(await cluster.up());
    await untilSettled(cluster, REPLICAS);
  });

  test("components whose keepers were killed serve on, and the next `kaji up` keeps one of each", async (context) => {
    requireHost(context, chaosNeeds);
    const earlier = componentPids();
    for (const component of COMPONENTS) {
      kill(Number(readFileSync(join(cluster.locations.run, `${component}.pid`), "utf8")));
    }
    must(await cluster.kubectl("get", "pods"));
    must(await cluster.up());
    expect(componentPids()).toHaveLength(COMPONENTS.length);
    // A program that one of them is just starting has its command line until it is that program.
    await eventually("there is one process of each", () => {
      const processes = tracesOf(cluster).filter(
        (trace) => / (server|agent|ingress) --root-dir /.test(trace) && !trace.includes("/bin/sh"),
      );
      return processes.length === COMPONENTS.length;
    });
    expect(componentPids().some((pid) => earlier.includes(pid))).toBe(false);
    const pods = await untilSettled(cluster, REPLICAS);
    expect(pods.map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
  });

  test("`kaji down` that was killed is followed by one that leaves nothing", async (context) => {
    requireHost(context, chaosNeeds);
    for (let round = 0; round < ROUNDS; round++) {
      await cutOff(["down", "--root-dir", cluster.rootDir], 1_200);
      if (round % 2 === 0) await cutOff(cluster.upCommand, 2_000);
    }
    must(await cluster.down());
    expect(tracesOf(cluster)).toEqual([]);
  });

  test("`kaji up` twice at the same time starts one cluster, with the pods of before", async (context) => {
    requireHost(context, chaosNeeds);
    const both = await Promise.all([cluster.up(), cluster.up()]);
    expect(
      both.map(({ code }) => code),
      both.map(({ stderr }) => stderr).join(),
    ).toEqual([0, 0]);
    expect(componentPids()).toHaveLength(COMPONENTS.length);
    await untilSettled(cluster, REPLICAS);
    await eventually(
      "the host holds what the pods need",
      () => JSON.stringify(hostOfPods(cluster)) === JSON.stringify(hostFor(REPLICAS)),
    );
  });

  test("when every keeper and component is killed, `kaji down` still gives the host back", async (context) => {
    requireHost(context, chaosNeeds);
    const keepers = COMPONENTS.map((component) =>
      Number(readFileSync(join(cluster.locations.run, `${component}.pid`), "utf8")),
    );
    for (const pid of [...keepers, ...componentPids()]) kill(pid);
    must(await cluster.down());
    expect(tracesOf(cluster)).toEqual([]);
  });
});
