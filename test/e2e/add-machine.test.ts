import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { eventually, findProgram } from "#test/support/host";
import {
  type HostsLab,
  type LabHost,
  type LabProcess,
  openHosts,
  whyNoHosts,
} from "#test/support/hosts";
import { type HostsCluster, startHostsCluster } from "#test/support/hosts-cluster";

/** README's "Add a second machine": the one line that `kaji token create` prints, and what can stand against it. */
const missing = ["kubectl", "nft", "conntrack"].filter((name) => !findProgram(name));
const reason = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);
if (reason) console.warn(`add-machine: skipped: ${reason}`);

describe.skipIf(reason)("a second machine", () => {
  let lab: HostsLab;
  let cluster: HostsCluster;
  let one: LabHost;
  let two: LabHost;
  let three: LabHost;
  let agent: LabProcess;

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    three = await lab.startHost("three");
    cluster = await startHostsCluster(lab, one);
  });
  afterAll(async () => {
    for (const host of [one, two, three]) await host?.kaji("down", "--purge");
    await lab?.close();
  });

  /** What stands after "kaji" in the line that is printed. */
  const joinCommand = async (): Promise<string[]> => {
    const { code, stdout, stderr } = await one.kaji("token", "create");
    expect(code, stderr).toBe(0);
    const [program, ...args] = stdout.trim().split(" ");
    expect(program).toBe("kaji");
    return args;
  };
  const untilReady = (name: string): Promise<string> =>
    cluster.mustKubectl("wait", `node/${name}`, "--for=condition=Ready", "--timeout=60s");
  const restart = async (...args: string[]): Promise<void> => {
    const begin = logOf(two).length;
    agent = two.spawnKaji("agent", ...args);
    await eventually("it runs", () => logOf(two).slice(begin).includes("node agent is running"));
    await untilReady("two");
  };
  const readiness = (name: string): Promise<string> =>
    cluster.mustKubectl(
      "get",
      "node",
      name,
      "-o",
      'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
    );
  const logOf = (host: LabHost): string => readFileSync(host.logFile, "utf8");

  test("joins with the line that is printed, as the documents say, and is Ready soon", async () => {
    const page = readFileSync(join(packageRoot(), "docs/add-a-machine.md"), "utf8");
    expect(page).toMatch(/^kaji token create$/m);
    expect(page).toMatch(/^kaji agent --server \S+ --token \S+ --ca-cert-hash sha256:\w+$/m);
    const args = await joinCommand();
    expect(args.join(" ")).toMatch(
      /^agent --server https:\/\/\S+:6443 --token \S+ --ca-cert-hash sha256:[0-9a-f]{64}$/,
    );
    const begin = performance.now();
    agent = two.spawnKaji(...args);
    await eventually(
      "the node is there",
      async () => (await cluster.kubectl("get", "node", "two")).code === 0,
    );
    await untilReady("two");
    console.info(`a second machine was Ready after ${Math.round(performance.now() - begin)} ms`);
  });

  test("runs again without a word about where it belongs", async () => {
    await agent.kill("SIGKILL");
    await restart();
  });

  test("does not get the name of a node that is at work", async () => {
    const { code, stderr } = await three.kaji(...(await joinCommand()), "--node-name", "two");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^kaji: the cluster at \S+ refused this host: node two is already in the cluster and at work: join under another name \(`--node-name`\), or delete the Node object first \(`kubectl delete node two`\)\n$/,
    );
  });

  test("comes back at once when it has lost its credentials", async () => {
    await agent.kill("SIGKILL");
    rmSync(join(two.locations.lib, "agent/credentials.json"));
    const begin = logOf(two).length;
    agent = two.spawnKaji(...(await joinCommand()));
    await eventually("it runs", () => logOf(two).slice(begin).includes("node agent is running"));
    expect(logOf(two).slice(begin)).not.toContain("cannot join the cluster yet");
    await untilReady("two");
  });

  test("waits for the name of a node that was there a moment ago, and says for how long", async () => {
    await eventually("the node goes while it is Ready", async () => {
      await agent.kill("SIGKILL");
      if ((await readiness("two")) === "True") return true;
      await restart();
      return false;
    });
    const waiting = three.spawnKaji(...(await joinCommand()), "--node-name", "two");
    await eventually("it says so", () =>
      /its name is free in \d+ s if its old agent has ended/.test(logOf(three)),
    );
    expect(waiting.isRunning()).toBe(true);
    await waiting.kill("SIGTERM");
    await restart();
  });

  test("without a program that pods need is told which package has it", async () => {
    await three.must(["mount", "--bind", "/dev/null", findProgram("nft") ?? ""]);
    const { code, stderr } = await three.kaji(...(await joinCommand()));
    expect(code).toBe(1);
    expect(stderr).toBe(
      "kaji: missing on this host: nft (Services are nftables rules): run `apt-get install nftables`\n",
    );
  });
});
