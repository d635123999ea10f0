// lane: first (fifty roll-outs)
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deployment } from "#api/schema/types";
import { chaosNeeds, isChaosPossible, must } from "#test/support/chaos-cluster";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { requireHost } from "#test/support/host";
import { type LoadResult, startLoad } from "#test/support/load";
import {
  buildRecipes,
  installRecipes,
  isSettled,
  type Mode,
  phaseOf,
  type Recipes,
  RECIPES_HOST,
  versionOf,
} from "#test/support/recipes";

/**
 * The story of docs/cookpad.md: an app is updated fifty times in a row under load, by each strategy in turn, and four
 * of the versions are bad, each in a way of its own. They go back by themselves and say why; users notice nothing
 * but the canary's share of one version's errors.
 */
const UPDATES = 50;
const REPLICAS = 2;
const CANARY_PERCENT = 10;
const TEST_TIMEOUT_MS = 400_000;
const PLAN_SECONDS = "1";
/** A bad version is found by what it does: its step would last for ever. */
const FOR_EVER = "3600";

const shared = {
  "kaji.dev/keep-old-seconds": "0",
  "kaji.dev/auto-rollback": "true",
  "kaji.dev/canary-steps": String(CANARY_PERCENT),
  // What a busy machine adds is no fault of a version's; 300 ms are.
  "kaji.dev/min-latency-increase-ms": "150",
  "kaji.dev/max-restarts": "0",
};
const STRATEGIES = ["rolling", "blue-green", "canary", "mirror"] as const;
type Strategy = (typeof STRATEGIES)[number];

interface Bad {
  readonly mode: Mode;
  readonly strategy: Strategy;
  /** What the condition must say. */
  readonly reason: RegExp;
}

/** By the number of the update. The page at which a version crashes stands for the minute until it does. */
const BAD: Readonly<Record<number, Bad>> = {
  10: { mode: "never-ready", strategy: "blue-green", reason: /pods were available after \d+ s/ },
  21: { mode: "crashing", strategy: "canary", reason: /restarted|exit code 3/ },
  32: { mode: "slow", strategy: "mirror", reason: /95 % of .* requests took up to/ },
  43: {
    mode: "failing",
    strategy: "canary",
    reason: /100\.0 % of .* failed, .* of the old version's/,
  },
};

let cluster: TestCluster;
let recipes: Recipes;

beforeAll(async () => {
  if (!isChaosPossible) return;
  cluster = await createCluster({ podCidr: "10.232.0.0/16", serviceCidr: "10.82.0.0/16" });
  must(await cluster.up());
  await buildRecipes(cluster);
  recipes = await installRecipes(cluster, {
    replicas: REPLICAS,
    drainSeconds: 5,
    progressDeadlineSeconds: 15,
    annotations: shared,
  });
}, 240_000);

afterAll(async () => {
  if (!isChaosPossible) return;
  await recipes.close();
  await cluster.dispose();
});

function annotationsFor(strategy: Strategy, stepSeconds: string): Record<string, string> {
  return {
    "kaji.dev/strategy": strategy,
    "kaji.dev/canary-pause-seconds": stepSeconds,
    "kaji.dev/mirror-seconds": stepSeconds,
  };
}

function messageOf({ status }: Deployment): string {
  return status?.conditions?.find(({ type }) => type === "kaji.dev/Rollout")?.message ?? "";
}

async function updateTo(name: string, strategy: Strategy): Promise<void> {
  await recipes.set({ name }, annotationsFor(strategy, PLAN_SECONDS));
  await recipes.until(
    `${name} has taken over (${strategy})`,
    (now) => versionOf(now) === name && isSettled(now) && phaseOf(now) === "Complete",
  );
}

/** Rolls a bad version out and waits until the former one is back; the reason on the object. */
async function sufferFrom(name: string, former: string, { mode, strategy }: Bad): Promise<string> {
  await recipes.set({ name, mode }, annotationsFor(strategy, FOR_EVER));
  const back = await recipes.until(
    `${name}, which is ${mode}, has gone back (${strategy})`,
    (now) => versionOf(now) === former && phaseOf(now) === "RolledBack" && isSettled(now),
  );
  return messageOf(back);
}

function startUsers(): ReturnType<typeof startLoad> {
  return startLoad({
    url: cluster.url,
    host: RECIPES_HOST,
    keepAliveClients: 12,
    newConnectionClients: 4,
    pauseMs: 40,
  });
}

describe("an app that is updated fifty times in a row under load", () => {
  test(
    "has its bad versions taken back with the reason on the object, and users see only the canary's share of errors",
    async (context) => {
      requireHost(context, chaosNeeds);
      const users = startUsers();
      const { result } = users;
      let serving = "v1";
      const stories: string[] = [];
      const unexpected: string[] = [];
      try {
        for (let update = 1; update <= UPDATES; update++) {
          const before = { requests: result.requests, failures: result.failures.length };
          const name = `u${update}`;
          const bad = BAD[update];
          const strategy = bad?.strategy ?? STRATEGIES[update % STRATEGIES.length] ?? "rolling";
          if (bad) {
            const message = await sufferFrom(name, serving, bad);
            stories.push(`${name} (${bad.mode}, ${strategy}): ${message}`);
            if (!bad.reason.test(message)) unexpected.push(`${name}: no ${bad.reason}: ${message}`);
          } else {
            await updateTo(name, strategy);
            serving = name;
          }
          const failed = result.failures.slice(before.failures);
          const share = failed.length / Math.max(1, result.requests - before.requests);
          if (bad?.mode === "failing") {
            stories.push(`${failed.length} failed requests, ${(100 * share).toFixed(1)} %`);
            expect(share).toBeLessThanOrEqual(CANARY_PERCENT / 100);
          }
          const isStated = (failure: string): boolean =>
            bad?.mode === "failing" && failure === `status 500: ${name}`;
          unexpected.push(
            ...failed
              .filter((failure) => !isStated(failure))
              .map((failure) => `${name} (${strategy}): ${failure}`),
          );
        }
      } finally {
        await users.stop();
      }
      console.info(`${result.requests} requests; ${stories.join("\n")}`);
      expect(unexpected).toEqual([]);
      expectVersions(result);
    },
    TEST_TIMEOUT_MS,
  );

  test("tells of every rollback by an event, and kubectl shows the version that serves", async (context) => {
    requireHost(context, chaosNeeds);
    const events = must(
      await cluster.kubectl("get", "events", "--field-selector=reason=RolledBack"),
    );
    expect(events.match(/RolledBack/g)).toHaveLength(Object.keys(BAD).length);
    const shown = must(await cluster.kubectl("describe", "deployment", "recipes"));
    expect(shown).toMatch(new RegExp(`VERSION:\\s+u${UPDATES}\\b`));
    must(await cluster.kubectl("rollout", "status", "deployment/recipes", "--timeout=60s"));
  });
});

/** Users saw every good version, of the bad ones only the canaries'. */
function expectVersions({ bodies }: LoadResult): void {
  for (let update = 1; update <= UPDATES; update++) {
    const mode = BAD[update]?.mode;
    const seen = bodies.get(`u${update}`) ?? 0;
    if (mode === "never-ready" || mode === "slow" || mode === "failing") {
      expect(seen, `answers of u${update}, which is ${mode}`).toBe(0);
    }
    if (mode === undefined) expect(seen, `answers of u${update}`).toBeGreaterThan(0);
  }
}
