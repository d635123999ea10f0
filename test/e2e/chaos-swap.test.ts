import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rng } from "#kit/rng";
import { chaosRng, killOne, randomMoment, type Victim } from "#test/support/chaos";
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
import { type LoadResult, startLoad } from "#test/support/load";

/**
 * A Deployment is swapped back and forth under load while one process after the other is killed at random
 * moments. No kill of a process of ours may cost a request; a kill of nginx may cost what nginx held.
 */
const REPLICAS = 3;
const ROUNDS = 2;
const IN_FLIGHT = 8;

let cluster: TestCluster;
let rng: Rng;

beforeAll(async () => {
  if (!isChaosPossible) return;
  rng = chaosRng("chaos-swap");
  cluster = await createCluster({ podCidr: "10.231.0.0/16", serviceCidr: "10.81.0.0/16" });
  must(await cluster.up());
  await installDemo(cluster);
  await untilSettled(cluster, REPLICAS);
}, 240_000);

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

/** Swaps until the kills are done, however often the API is away meanwhile. */
async function swapUntil(isOver: () => boolean): Promise<void> {
  for (let version = 2; !isOver(); version = 3 - version) {
    const image = `web=kaji.dev/demo:v${version}`;
    await eventually(
      "the image can be set",
      async () => (await cluster.kubectl("set", "image", "deployment/demo", image)).code === 0,
      45_000,
    );
    await randomMoment(rng, 1_500);
  }
}

async function attack(victim: Victim, rounds: number): Promise<LoadResult> {
  const load = startLoad({
    url: cluster.url,
    host: "demo.localhost",
    keepAliveClients: IN_FLIGHT - 4,
    newConnectionClients: 4,
    pauseMs: 5,
  });
  let isOver = false;
  const swaps = swapUntil(() => isOver);
  try {
    for (let round = 0; round < rounds; round++) {
      await randomMoment(rng, 1_500);
      await killOne(cluster, victim, rng);
    }
    isOver = true;
    await swaps;
    await untilSettled(cluster, REPLICAS);
  } finally {
    isOver = true;
    await Promise.allSettled([swaps]);
    await load.stop();
  }
  return load.result;
}

describe("swapping under load while processes are killed", () => {
  for (const victim of ["agent", "server", "ingress", "launcher"] as const) {
    test(`killing the ${victim} costs no request`, async (context) => {
      requireHost(context, chaosNeeds);
      const result = await attack(victim, ROUNDS);
      expect(result.failures).toEqual([]);
      expect(result.requests).toBeGreaterThan(100);
    });
  }

  for (const victim of ["nginx worker", "nginx master"] as const) {
    test(`killing an ${victim} costs at most what it held`, async (context) => {
      requireHost(context, chaosNeeds);
      const result = await attack(victim, ROUNDS);
      expect(result.failures.length, result.failures.join("\n")).toBeLessThanOrEqual(
        ROUNDS * IN_FLIGHT,
      );
      expect(result.failures.filter((failure) => failure.startsWith("status"))).toEqual([]);
    });
  }

  test("nothing is left on the host but what the pods need, and no container was restarted", async (context) => {
    requireHost(context, chaosNeeds);
    const pods = await untilSettled(cluster, REPLICAS);
    expect(pods.map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
    await eventually(
      `the host is as it should be: ${JSON.stringify(hostOfPods(cluster))}`,
      () => JSON.stringify(hostOfPods(cluster)) === JSON.stringify(hostFor(REPLICAS)),
      30_000,
    );
    expect(hostOfPods(cluster)).toEqual(hostFor(REPLICAS));
  });
});
