import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { runProgram } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";
import { type Running, start } from "#test/support/terminal";

/** The commands that say why, against a whole cluster: events, logs, why, top, doctor, and shell completion. */
const at = parityCluster();
const KAJI = join(packageRoot(), "kaji");

const kaji = (...args: string[]) => at.cluster.kaji(...args);
const follow = (...args: string[]): Running =>
  start([KAJI, ...args, "--root-dir", at.cluster.rootDir]);

const COUNTING = "i=0; while true; do echo line $i of $HOSTNAME; i=$((i+1)); sleep 0.2; done";

function container(name: string, script: string): object {
  const command = ["sh", "-c", `trap 'exit 0' TERM; ${script}`];
  return { name, image: BUSYBOX, imagePullPolicy: "IfNotPresent", command };
}

function deployment(name: string, replicas: number, ...containers: object[]): object {
  const labels = { app: name };
  const spec = { terminationGracePeriodSeconds: 1, containers };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name } },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Two pods that count, and are there. */
async function web(): Promise<void> {
  await at.apply(deployment("web", 2, container("main", COUNTING)));
  await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
}

/** A pod that ends with an error, again and again. */
async function crash(): Promise<void> {
  const spec = { containers: [container("main", "echo dying; exit 3")] };
  await at.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "crash" }, spec });
  await eventually("it crashes again and again", async () =>
    /exited with 3/.test((await kaji("why", "crash")).stdout),
  );
}

async function restartServer(): Promise<void> {
  const pid = at.cluster.pidOf("server");
  process.kill(pid, "SIGKILL");
  await eventually("another server process runs", () => {
    try {
      return at.cluster.pidOf("server") > 0 && at.cluster.pidOf("server") !== pid;
    } catch {
      // Its keeper has not started one yet.
      return false;
    }
  });
  await eventually("it answers", async () => (await kaji("get", "ns")).code === 0, 30_000);
}

/** The numbers that one pod has counted, in the order in which they came. */
function numbersOf(text: string, pod: string): number[] {
  const lines = text.matchAll(new RegExp(`^\\[${pod}/main\\] line (\\d+) of`, "gm"));
  return [...lines].map(([, number]) => Number(number));
}

describe("events and logs that are followed", () => {
  test("live on when the server dies: no line is lost, none comes twice, and new pods join", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await web();
    const pods = (await at.kubectl("get", "pods", "-l", "app=web", "-o", "name"))
      .trim()
      .split("\n")
      .map((name) => name.replace("pod/", ""));
    const [first = "", second = ""] = pods;
    const logs = follow("logs", "deployment/web", "-f", "--tail", "1");
    const events = follow("events", "-w", "--types", "Normal");
    await eventually("both pods are heard", () =>
      pods.every((pod) => numbersOf(logs.stdout(), pod).length > 2),
    );
    await restartServer();
    const seen = numbersOf(logs.stdout(), first).length;
    await eventually(
      "the first pod is heard again",
      () => numbersOf(logs.stdout(), first).length > seen + 3,
      40_000,
    );
    await at.kubectl("scale", "deploy/web", "--replicas=3");
    await eventually("the third pod is heard from its first line", async () => {
      const names = (await at.kubectl("get", "pods", "-l", "app=web", "-o", "name")).trim();
      const third = names
        .split("\n")
        .map((name) => name.replace("pod/", ""))
        .find((name) => !pods.includes(name));
      return third !== undefined && numbersOf(logs.stdout(), third)[0] === 0;
    });
    await eventually("its start is an event", () =>
      /ScalingReplicaSet +Deployment\/web +Scaled up replica set .* from 2 to 3/.test(
        events.stdout(),
      ),
    );
    expect(await logs.interrupt()).toBe(0);
    expect(await events.interrupt()).toBe(0);
    for (const pod of [first, second]) {
      const numbers = numbersOf(logs.stdout(), pod);
      const [from = 0] = numbers;
      expect(numbers).toEqual(numbers.map((_, count) => from + count));
    }
    expect(events.stdout()).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
    const told = events.stdout().match(/Scaled up replica set .* from 2 to 3/g);
    expect(told).toHaveLength(1);
    expect(logs.stderr()).toContain("waiting for it");
  });

  test("logs of a Job end with it, merged by time, each line with its container", async (context) => {
    requireHost(context, PARITY_NEEDS);
    // Whichever is started first: each waits for its turn.
    const inTurn = (name: string, script: string): object => {
      const volumeMounts = [{ name: "turns", mountPath: "/turns" }];
      return { ...container(name, script), volumeMounts };
    };
    const spec = {
      restartPolicy: "Never",
      volumes: [{ name: "turns", emptyDir: {} }],
      containers: [
        inTurn(
          "early",
          "echo one; touch /turns/2; until [ -e /turns/3 ]; do sleep 0.3; done; echo three",
        ),
        inTurn(
          "late",
          "until [ -e /turns/2 ]; do sleep 0.3; done; echo two; sleep 0.3; touch /turns/3",
        ),
      ],
    };
    const job = { metadata: { name: "report" }, spec: { template: { spec } } };
    await at.apply({ apiVersion: "batch/v1", kind: "Job", ...job });
    const followed = follow("logs", "job/report", "--all", "-f");
    expect(await followed.ended, followed.stderr()).toBe(0);
    expect(
      followed
        .stdout()
        .match(/(one|two|three)/g)
        ?.sort(),
    ).toEqual(["one", "three", "two"]);
    const { stdout } = await kaji("logs", "job/report", "--all");
    expect(stdout.match(/^\[report-\w+\/(early|late)\] (one|two|three)$/gm)).toHaveLength(3);
    expect(stdout.match(/(one|two|three)/g)).toEqual(["one", "two", "three"]);
    expect((await kaji("logs", "job/report", "-c", "late")).stdout).toMatch(/\/late\] two\n$/);
    expect((await kaji("logs", "cm/none")).stderr).toContain('configmaps "none" not found');
    expect((await kaji("logs")).stderr).toContain("kaji: whose logs? Name a pod or a workload");
  });
});

describe("why", () => {
  test("knows pods, workloads, claims and nodes, in text, JSON and YAML", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await crash();
    await at.apply(
      deployment("stuck", 1, {
        name: "main",
        image: "kaji.dev/nowhere:v1",
        imagePullPolicy: "Never",
      }),
    );
    const why = JSON.parse((await kaji("why", "pod", "crash", "-o", "json")).stdout) as {
      reasons: string[];
    };
    expect(why).toMatchObject({ kind: "Pod", namespace: "default", name: "crash" });
    expect(why.reasons.join("\n")).toMatch(/exited with 3/);
    await eventually("the deployment says what its pod lacks", async () =>
      /stuck-\w+-\w+: .*no image/.test((await kaji("why", "deployment/stuck")).stdout),
    );
    expect((await kaji("why", "node/node-1", "-o", "yaml")).stdout).toContain("kind: Node\n");
    expect((await kaji("why", "pods")).stderr).toContain("which of them? Name one");
    await eventually(
      "the run before is heard",
      async () => (await kaji("logs", "crash", "-p")).stdout === "dying\n",
    );
  });

  test("-w says it again when it has changed", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await web();
    const watched = follow("why", "deployment/web", "-w");
    await eventually("it is told", () => /^deployment default\/web /m.test(watched.stdout()));
    await at.kubectl("scale", "deploy/web", "--replicas=0");
    await eventually("the change is told", () => watched.stdout().includes("0"), 20_000);
    const before = watched.stdout();
    await eventually(
      "and the end of it",
      () => (watched.stdout().match(/^deployment default\/web /gm) ?? []).length > 1,
      20_000,
    );
    expect(before.length).toBeGreaterThan(0);
    expect(await watched.interrupt()).toBe(0);
  });
});

describe("top and doctor", () => {
  test("top shows nodes and pods, sorted, and what it does not know it refuses", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await crash();
    await eventually(
      "somebody has measured the node",
      async () => / \d+m \(\d+%\)/.test((await kaji("top", "nodes")).stdout),
      40_000,
    );
    const pods = (await kaji("top", "pods", "--sort-by", "cpu", "-o", "wide")).stdout;
    expect(pods).toMatch(/^POD +CPU USED +REQUEST +LIMIT +MEMORY USED +REQUEST +LIMIT +NODE\n/);
    expect(pods).toMatch(/\ncrash .* node-1\n?/);
    expect((await kaji("top", "-o", "name")).stdout).toBe("node/node-1\n");
    expect((await kaji("top", "pods", "none")).stderr).toContain('pods "none" not found');
    const rows = JSON.parse((await kaji("top", "-o", "json")).stdout) as { name: string }[];
    expect(rows.map(({ name }) => name)).toEqual(["node-1"]);
  });

  test("doctor finds the pod that crashes and the one that has no image, and says the next command", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await crash();
    interface Report {
      readonly checks: { check: string; state: string; problems: { subject: string }[] }[];
    }
    // Between two attempts its container runs for a moment.
    const broken = await eventually(
      "the pod is found while it waits for its next try",
      async () => {
        const { checks } = JSON.parse((await kaji("doctor", "-o", "json")).stdout) as Report;
        const found = checks.filter(({ state }) => state === "broken");
        const subjects = found.flatMap(({ problems }) => problems.map(({ subject }) => subject));
        return subjects.includes("pod/default/crash") && found;
      },
    );
    expect(broken.map(({ check }) => check)).toEqual(["workloads are as they should be"]);
    await eventually("the report for people says the next command", async () => {
      const { code, stdout } = await kaji("doctor");
      expect(stdout).toContain("ok       every node is ready\n");
      return code === 1 && stdout.includes(": kaji why pod/crash -n default\n");
    });
  });

  test("doctor ends with 0 when nothing is broken, and a backup is noted", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const left = ["pod/crash", "deploy/stuck", "job/report"];
    await at.kubectl("delete", ...left, "--wait", "--ignore-not-found");
    succeeded(await kaji("backup", join(at.scratch, "cluster.backup")));
    const record = await at.kubectl("get", "cm", "kaji-last-backup", "-n", "kube-system");
    expect(record).toContain("kaji-last-backup");
    await eventually("nothing is broken", async () => (await kaji("doctor")).code === 0, 30_000);
  });
});

describe("bash completion asks the cluster", () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const script = succeeded(await runProgram(KAJI, ["completion", "bash"]));
    const line = [KAJI, ...words].map((word) => `'${word}'`).join(" ");
    const ask = `${script}\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length}\n_kaji\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig };
    return spawnSync("bash", ["-c", ask], { encoding: "utf8", env }).stdout.trim().split("\n");
  };

  test("for kinds, names, KIND/NAME, namespaces, contexts and tenants", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await web();
    expect(await complete("get", "deploym")).toEqual(["deployments"]);
    expect(await complete("get", "deploy", "w")).toEqual(["web"]);
    expect(await complete("rollout", "status", "deployment/")).toEqual(["deployment/web"]);
    expect(await complete("logs", "-f", "dep")).toEqual(["deployment/"]);
    expect(await complete("get", "pods", "-n", "kube-s")).toEqual(["kube-system"]);
    expect(await complete("get", "--context", "")).toEqual(["kaji"]);
    expect(await complete("top", "nodes", "n")).toEqual(["node-1"]);
    expect(await complete("why", "node/")).toEqual(["node/node-1"]);
  });

  test("and is silent where there is no cluster", () => {
    const env = { ...process.env, KUBECONFIG: "/nowhere" };
    const asked = spawnSync(KAJI, ["complete", "--", "get", "pods", ""], { encoding: "utf8", env });
    expect([asked.status, asked.stdout, asked.stderr]).toEqual([0, "", ""]);
  });
});

describe("a reader that has seen enough, and rights that are missing", () => {
  test("a closed pipe ends a command without a word", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig };
    const said = execFileSync(
      "bash",
      ["-c", `"$0" get pods -A -o json 2>&1 | head -1; echo "\${PIPESTATUS[0]}"`, KAJI],
      { encoding: "utf8", env },
    );
    expect(said).toBe("{\n0\n");
  });

  test("somebody without rights is told what to ask for", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl("create", "serviceaccount", "guest");
    const token = (await at.kubectl("create", "token", "guest")).trim();
    const config = join(at.scratch, "guest.kubeconfig");
    const kubectl = (...args: string[]) => at.kubectl("config", "--kubeconfig", config, ...args);
    const server = (
      await at.kubectl("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")
    ).trim();
    await kubectl("set-cluster", "c", `--server=${server}`, "--insecure-skip-tls-verify=true");
    await kubectl("set-credentials", "guest", `--token=${token}`);
    await kubectl("set-context", "guest", "--cluster=c", "--user=guest");
    await kubectl("use-context", "guest");
    const refused = await kaji("get", "pods", "--kubeconfig", config);
    expect(refused.stderr).toMatch(
      /^kaji: pods is forbidden: .* cannot list .*: ask for a role that allows it; `kubectl auth can-i --list` shows what you may\n$/,
    );
    const doctor = await kaji("doctor", "--kubeconfig", config);
    expect(doctor.stdout).toMatch(/this user: may not list .*secrets/);
  });
});
