// lane: first (two hundred swaps)
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rng } from "#kit/rng";
import { chaosRng, killOne, randomMoment, type Victim } from "#test/support/chaos";
import { chaosNeeds, isChaosPossible, must } from "#test/support/chaos-cluster";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { startLoad } from "#test/support/load";
import { startLongRequests } from "#test/support/long-requests";
import {
  buildRecipes,
  installRecipes,
  isSettled,
  phaseOf,
  type Recipes,
  RECIPES_HOST,
  versionOf,
} from "#test/support/recipes";

/**
 * The swap's guarantee: an app is replaced two hundred times, by every strategy, under clients of every kind, and
 * no request fails. A WebSocket has no end of its own: it is closed by the app, with 1001, when the drain's time is over.
 */
const SWAPS = 200;
const SWAPS_WHILE_KILLING = 12;
const DRAIN_SECONDS = 8;
const DRAIN_MS = DRAIN_SECONDS * 1_000;
const TEST_TIMEOUT_MS = 480_000;
const KEEP_ALIVE_CLIENTS = 50;
const NEW_CONNECTION_CLIENTS = 10;
const SOCKETS = 5;
const LONG_CLIENTS = 3;

const STRATEGIES = {
  rolling: { "kaji.dev/strategy": null },
  "blue-green": { "kaji.dev/strategy": "blue-green", "kaji.dev/keep-old-seconds": "0" },
  canary: {
    "kaji.dev/strategy": "canary",
    "kaji.dev/canary-steps": "50",
    "kaji.dev/canary-pause-seconds": "0",
    "kaji.dev/keep-old-seconds": "0",
  },
  /** A canary that is taken back at its first step. */
  rollback: {
    "kaji.dev/strategy": "canary",
    "kaji.dev/canary-steps": "50",
    "kaji.dev/canary-pause-seconds": "3600",
    "kaji.dev/keep-old-seconds": "0",
  },
} as const;
type Strategy = keyof typeof STRATEGIES;

let cluster: TestCluster;
let recipes: Recipes;
let rng: Rng;
let swapCount = 0;
let serving = "v0";
/** By performance.now(), of versions that nobody should be sent to any more. */
const replacedAtMs = new Map<string, number>();

beforeAll(async () => {
  if (!isChaosPossible) return;
  rng = chaosRng("swap-guarantee");
  cluster = await createCluster({ podCidr: "10.235.0.0/16", serviceCidr: "10.85.0.0/16" });
  must(await cluster.up());
  await buildRecipes(cluster);
  recipes = await installRecipes(cluster, { replicas: 1, drainSeconds: DRAIN_SECONDS });
}, 240_000);

afterAll(async () => {
  if (!isChaosPossible) return;
  await recipes.close();
  await cluster.dispose();
});

/** Of ten swaps one goes blue-green, one by canary, and one is taken back. */
function strategyOf(swap: number): Strategy {
  return ({ 3: "blue-green", 6: "canary", 9: "rollback" } as const)[swap % 10] ?? "rolling";
}

/** Whoever is away just now is back soon: the API is asked again. */
async function set(name: string, annotations: Readonly<Record<string, string | null>>) {
  let why: unknown;
  const isWritten = async (): Promise<boolean> => {
    try {
      await recipes.set({ name }, annotations);
      return true;
    } catch (error) {
      why = error;
      return false;
    }
  };
  await eventually("the version can be written", isWritten, 45_000).catch((cause: unknown) => {
    throw new Error(`${name} cannot be written: ${String(why)}`, { cause });
  });
}

async function swap(): Promise<void> {
  const strategy = strategyOf(swapCount++);
  const next = `v${swapCount}`;
  const former = serving;
  if (strategy === "rollback") {
    await set(next, STRATEGIES.rollback);
    await recipes.until(`${next} has its first share`, (now) => phaseOf(now) === "Step");
    replacedAtMs.set(next, performance.now());
    await set(former, {});
  } else {
    replacedAtMs.set(former, performance.now());
    await set(next, STRATEGIES[strategy]);
    serving = next;
  }
  const sentence = `swap ${swapCount} (${strategy}) to ${serving} is done`;
  await recipes.until(sentence, (now) => versionOf(now) === serving && isSettled(now));
}

function whyTooEarly(version: string): string | undefined {
  const since = replacedAtMs.get(version);
  if (since === undefined) return "this version still serves";
  const afterMs = performance.now() - since;
  if (afterMs >= DRAIN_MS) return undefined;
  return `only ${Math.round(afterMs)} ms after its version was replaced, before the drain's ${DRAIN_MS} ms`;
}

/** Runs `act` under every kind of client, telling it how many requests have failed; what they saw. */
async function underLoad(act: (failures: () => readonly string[]) => Promise<void>) {
  const target = { url: cluster.url, host: RECIPES_HOST };
  const pages = startLoad({
    ...target,
    keepAliveClients: KEEP_ALIVE_CLIENTS,
    newConnectionClients: NEW_CONNECTION_CLIENTS,
    pauseMs: 150,
  });
  const long = startLongRequests({
    ...target,
    sockets: SOCKETS,
    uploads: LONG_CLIENTS,
    downloads: LONG_CLIENTS,
    whyTooEarly,
  });
  const failures = (): string[] => [...pages.result.failures, ...long.result.failures];
  try {
    await act(failures);
    const { farewells } = long.result;
    await eventually(
      "every WebSocket of a replaced version was told goodbye",
      () => long.result.farewells > farewells || farewells >= SOCKETS,
      30_000,
    );
  } finally {
    await Promise.all([pages.stop(), long.stop()]);
  }
  const { uploads, downloads, echoes, farewells } = long.result;
  console.info(
    `${swapCount} swaps so far; ${pages.result.requests} pages, ${uploads} uploads, ${downloads} downloads, ${echoes} echoes, ${farewells} WebSockets closed with 1001`,
  );
  return { ...long.result, pages: pages.result.requests, failed: failures() };
}

describe("an app that is swapped by every strategy under clients of every kind", () => {
  test(
    `loses no request in ${SWAPS} swaps, and closes WebSockets with 1001 after the drain`,
    async (context) => {
      requireHost(context, chaosNeeds);
      const culprits: string[] = [];
      const seen = await underLoad(async (failures) => {
        while (swapCount < SWAPS) {
          const before = failures().length;
          await swap();
          const fresh = failures().slice(before);
          if (fresh.length > 0) {
            const strategy = strategyOf(swapCount - 1);
            culprits.push(`swap ${swapCount} (${strategy}): ${fresh.length}, ${fresh[0] ?? ""}`);
          }
        }
      });
      expect(seen.failed, culprits.join("\n")).toEqual([]);
      expect(seen.pages).toBeGreaterThan(1_000);
      expect(Math.min(seen.uploads, seen.downloads, seen.echoes)).toBeGreaterThan(10);
      expect(seen.farewells).toBeGreaterThanOrEqual(SOCKETS);
      // Nobody is sent to a pod that says goodbye to everybody.
      expect(seen.farewells).toBeLessThanOrEqual(SOCKETS * SWAPS);
    },
    TEST_TIMEOUT_MS,
  );

  for (const victim of ["server", "agent", "nginx worker"] as const) {
    test(
      `${victim === "nginx worker" ? "loses at most what it held" : "loses no request"} while the ${victim} is killed`,
      async (context) => {
        requireHost(context, chaosNeeds);
        const { failed } = await underLoad(() => swapWhileKilling(victim));
        if (victim !== "nginx worker") return expect(failed).toEqual([]);
        // A process that is killed takes its connections along; nobody is answered with an error.
        expect(failed.length, failed.join("\n")).toBeLessThanOrEqual(
          2 * (KEEP_ALIVE_CLIENTS + NEW_CONNECTION_CLIENTS + SOCKETS + 2 * LONG_CLIENTS),
        );
        expect(failed.filter((failure) => failure.includes("status"))).toEqual([]);
      },
      TEST_TIMEOUT_MS,
    );
  }
});

async function swapWhileKilling(victim: Victim): Promise<void> {
  const until = swapCount + SWAPS_WHILE_KILLING;
  const swaps = (async () => {
    while (swapCount < until) await swap();
  })();
  try {
    for (let kills = 0; kills < 2; kills++) {
      await randomMoment(rng, 1_500);
      await killOne(cluster, victim, rng);
    }
  } finally {
    await swaps;
  }
}
