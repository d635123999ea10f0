// lane: first (watches roll-outs be judged)
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chaosNeeds, isChaosPossible, must } from "#test/support/chaos-cluster";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { askOnce, type LoadResult, startLoad } from "#test/support/load";
import {
  applyShop,
  importBusybox,
  SHOP_HOST,
  SHOP_PATH,
  type ShopMode,
  type ShopState,
  untilShop,
} from "#test/support/shop";

/**
 * Each strategy deploys a good version and a bad one while users ask: nobody gets a failed answer but from a canary,
 * and no more of those than its share; the bad one is gone again by itself, with the reason on the object.
 */
let cluster: TestCluster;
let serial = 1;

const prefixed = (annotations: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`kaji.dev/${key}`, value]));

/** The machine that runs this may be busy with other things: only what is much slower is slower. */
const patient = { "min-latency-increase-ms": "500", "min-requests": "10" };
const blueGreen = prefixed({
  ...patient,
  strategy: "blue-green",
  "blue-green-hold-seconds": "1",
  "keep-old-seconds": "3",
});
const canary = prefixed({
  ...patient,
  strategy: "canary",
  "canary-steps": "20,50",
  "canary-pause-seconds": "6",
  "keep-old-seconds": "3",
  "max-restarts": "0",
});
const mirror = prefixed({
  ...patient,
  strategy: "mirror",
  "mirror-percent": "50",
  "mirror-seconds": "15",
  "keep-old-seconds": "3",
});
const rolling = prefixed({
  "auto-rollback": "true",
  "max-restarts": "0",
  "keep-old-seconds": "15",
});

beforeAll(async () => {
  if (!isChaosPossible) return;
  cluster = await createCluster({ podCidr: "10.238.0.0/16", serviceCidr: "10.88.0.0/16" });
  must(await cluster.up());
  await importBusybox(cluster);
  await applyShop(cluster, { version: "v1", mode: "good", annotations: blueGreen });
  await untilShop(cluster, "v1", isComplete);
  const page = { url: cluster.url + SHOP_PATH, host: SHOP_HOST };
  await eventually("nginx serves it", async () => !(await askOnce(page)));
}, 240_000);

afterAll(async () => {
  if (isChaosPossible) await cluster.dispose();
});

const isComplete = ({ phase }: ShopState): boolean => phase === "Complete";

interface Deployed {
  readonly result: LoadResult;
  readonly state: ShopState;
  readonly old: string;
  readonly fresh: string;
}

/** Deploys the next version under load until it has come to its end, good or bad. */
async function deploy(mode: ShopMode, annotations: Record<string, string>): Promise<Deployed> {
  const old = `v${serial}`;
  const fresh = `v${serial + 1}`;
  // The strategy first: it concerns what comes after it.
  await applyShop(cluster, { version: old, mode: "good", annotations });
  const before = await untilShop(
    cluster,
    old,
    ({ phase }) => phase === "Complete" || phase === "RolledBack",
  );
  const load = startLoad({
    url: cluster.url + SHOP_PATH,
    host: SHOP_HOST,
    keepAliveClients: 3,
    newConnectionClients: 1,
    pauseMs: 40,
  });
  try {
    await applyShop(cluster, { version: fresh, mode, annotations });
    const isGood = mode === "good";
    const isRefused = ({ phase, message }: ShopState): boolean =>
      phase === "RolledBack" && message !== before.message;
    const state = isGood
      ? await untilShop(cluster, fresh, isComplete)
      : await untilShop(cluster, old, isRefused);
    if (isGood) serial++;
    return { result: await load.stop(), state, old, fresh };
  } finally {
    await load.stop();
  }
}

/** Requests that were answered by a version. */
function answeredBy({ bodies }: LoadResult, version: string): number {
  return [...bodies].reduce((sum, [body, count]) => sum + (body.trim() === version ? count : 0), 0);
}

describe("a good version", () => {
  for (const [name, annotations] of Object.entries({ blueGreen, canary, mirror, rolling })) {
    test(`takes over by ${name} without a failed request`, async (context) => {
      requireHost(context, chaosNeeds);
      const { result, old, fresh } = await deploy("good", annotations);
      expect(result.failures).toEqual([]);
      expect(answeredBy(result, old)).toBeGreaterThan(0);
      expect(answeredBy(result, fresh)).toBeGreaterThan(0);
    });
  }
});

describe("a bad version", () => {
  test("that never gets ready is given up by blue-green, and nobody has seen it", async (context) => {
    requireHost(context, chaosNeeds);
    const { result, state, fresh } = await deploy("unready", blueGreen);
    expect(result.failures).toEqual([]);
    expect(answeredBy(result, fresh)).toBe(0);
    expect(state.message).toContain("only 0 of 2 pods were available after 15 s without progress");
    const status = await cluster.kubectl("rollout", "status", "deployment/shop", "--timeout=5s");
    expect(status.code).not.toBe(0);
    expect(status.stderr).toContain("exceeded its progress deadline");
  });

  test("that answers 500 costs a canary no more than its share of the requests", async (context) => {
    requireHost(context, chaosNeeds);
    const { result, state, old } = await deploy("failing", canary);
    // The first step has 20 %.
    expect(result.failures.length).toBeGreaterThan(0);
    expect(result.failures.length).toBeLessThanOrEqual(Math.ceil(result.requests * 0.2) + 2);
    expect(new Set(result.failures.map((one) => one.slice(0, 10)))).toEqual(
      new Set(["status 500"]),
    );
    expect(state.message).toMatch(
      /100\.0 % of \d+ requests failed, 0\.0 % of the old version's \d/,
    );
    expect(state.traffic).toContain("=100");
    expect(state.version).toBe(old);
  });

  test("that crashes after a while is given up by a canary without a failed request", async (context) => {
    requireHost(context, chaosNeeds);
    const { result, state } = await deploy("crashing", canary);
    expect(result.failures).toEqual([]);
    // Whichever is seen first.
    expect(state.message).toMatch(/exit code 3/);
  });

  test("that is slow is given up by mirror, and nobody had to wait for it", async (context) => {
    requireHost(context, chaosNeeds);
    const { result, state, fresh } = await deploy("slow", mirror);
    expect(result.failures).toEqual([]);
    expect(answeredBy(result, fresh)).toBe(0);
    expect(state.message).toMatch(/95 % of \d+ requests took up to \d+ ms/);
  });

  test("that crashes is given up by a plain rolling update that watches itself", async (context) => {
    requireHost(context, chaosNeeds);
    const { state } = await deploy("crashing", rolling);
    expect(state.message).toContain("its containers restarted once");
  });
});

describe("a changed ConfigMap", () => {
  const greetings = async (): Promise<string[]> => {
    const listed = await cluster.kubectl("get", "pods", "-l", "app=greeter", "-o", "name");
    const names = must(listed).split("\n").filter(Boolean);
    const say = ["/bin/busybox", "sh", "-c", "echo $GREETING"];
    const asked = names.map((name) => cluster.kubectl("exec", name, "--", ...say));
    return (await Promise.all(asked)).map(({ stdout }) => stdout.trim());
  };
  const untilGreeting = (greeting: string): Promise<unknown> =>
    eventually(
      `all pods say ${greeting}`,
      async () => (await greetings()).join() === `${greeting},${greeting}`,
      60_000,
    );

  test("is a new version, and undo goes back to the former content while the ConfigMap stays", async (context) => {
    requireHost(context, chaosNeeds);
    must(await cluster.kubectlInput(greeterManifest("hello"), "apply", "-f", "-"));
    await untilGreeting("hello");
    must(await cluster.kubectlInput(greeterManifest("bonjour"), "apply", "-f", "-"));
    await untilGreeting("bonjour");
    must(await cluster.kubectl("rollout", "undo", "deployment/greeter"));
    await untilGreeting("hello");
    // A pod that starts anew still reads what its version read.
    must(await cluster.kubectl("delete", "pod", "-l", "app=greeter"));
    await untilGreeting("hello");
    const content = ["get", "configmap", "greeter", "-o", "jsonpath={.data.greeting}"];
    expect(must(await cluster.kubectl(...content))).toBe("bonjour");
    must(await cluster.kubectlInput(greeterManifest("ciao"), "apply", "-f", "-"));
    await untilGreeting("ciao");
  });
});

function greeterManifest(greeting: string): string {
  const labels = { app: "greeter" };
  const command = ["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"];
  const valueFrom = { configMapKeyRef: { name: "greeter", key: "greeting" } };
  const image = "kaji.dev/busybox:latest";
  const containers = [{ name: "main", image, command, env: [{ name: "GREETING", valueFrom }] }];
  const items = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "greeter",
        annotations: prefixed({ "rollout-on-config-change": "true" }),
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 2, containers },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "greeter" },
      data: { greeting },
    },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
