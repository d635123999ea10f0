import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "#cli/commands/index";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";

/** `kaji rollout` beside kubectl's, and every example that the help of deploy and rollout shows. */
const at = parityCluster({ podCidr: "10.239.0.0/16", serviceCidr: "10.89.0.0/16" });
const { kubectl } = at;
const kaji = (...args: string[]) => at.cluster.kaji(...args);
const rollout = async (...args: string[]) => succeeded(await kaji("rollout", ...args));

function workload(kind: string, name: string, command: string, annotations: object = {}) {
  const labels = { app: name };
  const container = { name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent" };
  const containers = [{ ...container, command: ["sh", "-c", command] }];
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } };
  const spec = {
    ...{ selector: { matchLabels: labels }, template },
    ...(kind === "StatefulSet" ? { serviceName: name } : {}),
  };
  return { apiVersion: "apps/v1", kind, metadata: { name, annotations }, spec };
}

beforeAll(async () => {
  if (!at.isPossible) return;
  for (const version of ["1", "2"]) {
    await at.apply(
      workload("Deployment", "web", `sleep 100${version}`, {
        "kubernetes.io/change-cause": `v${version}`,
      }),
      workload("StatefulSet", "db", `sleep 100${version}`),
      workload("DaemonSet", "agent", `sleep 100${version}`),
    );
    for (const name of ["deployment/web", "statefulset/db", "daemonset/agent"]) {
      await kubectl("rollout", "status", name, "--timeout=60s");
    }
  }
}, 240_000);

const commandOf = (name: string) =>
  kubectl(
    "get",
    ...name.split("/"),
    "-o",
    "jsonpath={.spec.template.spec.containers[0].command[2]}",
  );

describe.each(["deployment/web", "statefulset/db", "daemonset/agent"])("%s", (name) => {
  test("is told, undone and restarted as kubectl does it", async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(await rollout("status", name)).toBe(await kubectl("rollout", "status", name));
    const lines = (text: string) =>
      text
        .split("\n")
        .map((line) => line.trim().replace(/ +/g, " "))
        .filter(Boolean);
    expect(lines(await rollout("history", name))).toEqual(
      lines(await kubectl("rollout", "history", name)),
    );
    expect(await rollout("history", name, "--revision", "1")).toContain("sleep 1001");

    const spoken = (await kubectl("get", ...name.split("/"), "-o", "name")).trim();
    expect(await rollout("undo", name)).toBe(`${spoken} rolled back\n`);
    expect(await commandOf(name)).toBe("sleep 1001");
    await rollout("status", name, "--timeout", "60s");
    expect(await rollout("undo", name, "--to-revision", "3")).toBe(
      `${spoken} skipped rollback (current template already matches revision 3)\n`,
    );
    expect((await kaji("rollout", "undo", name, "--to-revision", "77")).stderr).toContain(
      "unable to find specified revision 77 in history",
    );
    expect(await rollout("restart", name)).toBe(`${spoken} restarted\n`);
    expect(await rollout("status", name, "--timeout", "60s")).toMatch(
      /successfully rolled out|roll out complete/,
    );
    expect(await rollout("status", name, "--no-watch")).toMatch(
      /VERSION +REVISION +REQUESTS +READY +AGE +PODS\n.* 1\/1 +\d+s +1 Running/,
    );
  });
});

test("pause and resume take Deployments, once each", async (context) => {
  requireHost(context, PARITY_NEEDS);
  expect(await rollout("pause", "deployment/web")).toBe("deployment.apps/web paused\n");
  const refusals: [string[], string][] = [
    [["pause", "deployment/web"], 'kaji: deployments.apps "web" is already paused\n'],
    [
      ["restart", "deployment/web"],
      "kaji: can't restart paused deployment: run `kaji rollout resume deployment.apps/web` first\n",
    ],
    [["pause", "daemonset/agent"], 'kaji: daemonsets.apps "agent" pausing is not supported\n'],
    [["resume", "statefulset/db"], 'kaji: statefulsets.apps "db" resuming is not supported\n'],
    [
      ["status", "service/kubernetes"],
      "kaji: services have no roll-outs: name a deployment, a statefulset or a daemonset\n",
    ],
    [
      ["status", "deployment/absent"],
      'kaji: deployments.apps "absent" not found: `kaji get deployments.apps -A` lists those there are\n',
    ],
    [
      ["promote", "deployment/web"],
      "kaji: deployment.apps/web rolls out without a strategy: set its annotation kaji.dev/strategy, or use `kaji rollout undo`\n",
    ],
  ];
  for (const [args, sentence] of refusals) {
    expect((await kaji("rollout", ...args)).stderr).toBe(sentence);
  }
  expect(await rollout("resume", "deployment/web")).toBe("deployment.apps/web resumed\n");
  expect((await kaji("rollout", "resume", "deployment/web")).stderr).toBe(
    'kaji: deployments.apps "web" is not paused\n',
  );
});

test("a canary is shown with its share, promoted step by step, and another aborted", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const canary = {
    "kaji.dev/strategy": "canary",
    "kaji.dev/promotion": "manual",
    "kaji.dev/canary-steps": "25",
    "kaji.dev/keep-old-seconds": "0",
  };
  await at.apply(workload("Deployment", "shop", "sleep 1001", canary));
  await rollout("status", "deployment/shop", "--timeout", "60s");
  await at.apply(workload("Deployment", "shop", "sleep 1002", canary));
  const shown = () => rollout("status", "deployment/shop", "--no-watch");
  await eventually(
    "the first step waits for a word",
    async () => /canary: Paused/.test(await shown()),
    40_000,
  );
  expect(await shown()).toMatch(/ 25% [^]* 75% /);
  expect(await rollout("promote", "deployment/shop", "--full")).toBe(
    "deployment.apps/shop promoted\n",
  );
  await eventually(
    "the new version has it all",
    async () => /canary: (Switched|Complete)/.test(await shown()),
    40_000,
  );
  if (/Switched/.test(await shown())) await kaji("rollout", "promote", "deployment/shop");
  await rollout("status", "deployment/shop", "--timeout", "60s");

  await at.apply(workload("Deployment", "shop", "sleep 1003", canary));
  await eventually("the next one waits", async () => /canary: Paused/.test(await shown()), 40_000);
  expect(await rollout("abort", "deployment/shop")).toBe("deployment.apps/shop aborted\n");
  await eventually(
    "the former one is back",
    async () => (await commandOf("deployment/shop")) === "sleep 1002",
    40_000,
  );
  const failed = await kaji("rollout", "status", "deployment/shop");
  expect(failed.code).toBe(1);
}, 180_000);

test("every example in the help of deploy and rollout works", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const folder = join(at.scratch, "shop");
  mkdirSync(folder);
  const write = (value: string) => {
    const metadata = { name: "settings" };
    writeFileSync(
      join(folder, "a.json"),
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { value } }),
    );
  };
  for (const value of ["1", "2", "3", "4", "5"]) {
    write(value);
    succeeded(await kaji("deploy", "-f", folder, "--yes"));
  }
  write("6");
  const order = [
    "deploy",
    "deploy history",
    "deploy status",
    "deploy diff",
    "deploy rollback",
    "deploy delete",
  ];
  const rollouts = ["status", "history", "undo", "pause", "resume", "restart"].map(
    (word) => `rollout ${word}`,
  );
  for (const name of [...order, ...rollouts]) {
    const { examples = [] } = commands.find((command) => command.name === name) ?? {};
    expect(examples.length, name).toBeGreaterThan(0);
    for (const { command } of examples) {
      // Of the revisions, those that the tests above have left.
      const here = command.replace("shop/", folder).replace("to-revision 3", "to-revision 2");
      const args = here.split(" ").slice(1);
      expect(await kaji(...args), command).toMatchObject({ code: 0 });
    }
  }
});
