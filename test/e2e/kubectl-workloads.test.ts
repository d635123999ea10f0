import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { createInformers } from "#client/shared-informers";
import { type RunningServer, startServer } from "#control-plane/main";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { systemRng } from "#kit/rng";
import { SimulatedNode } from "#test/simulation/simulated-node";
import { findProgram } from "#test/support/host";
import { type Finished, runProgram } from "#test/support/cluster";

/** The real kubectl rolls out, rolls back and drains, on a whole server with nodes that only pretend to run pods. */
const WORKLOADS = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: logs}
spec:
  selector: {matchLabels: {app: logs}}
  template:
    metadata: {labels: {app: logs}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "logs:1"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "db:1"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: db}
spec:
  minAvailable: 2
  selector: {matchLabels: {app: db}}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: urgent}
value: 1000
`;

let root: string;
let server: RunningServer;
const ending = new AbortController();
const nodes: SimulatedNode[] = [];
const kubectlPath = findProgram("kubectl");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-workloads-e2e-"));
  server = await startServer({
    locations: locationsFor(root),
    bindAddress: "127.0.0.1",
    apiPort: 0,
    gatewayPort: 0,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
  const { client } = server;
  const clock = systemClock;
  const informers = createInformers(client, { clock, log: silentLog, signal: ending.signal });
  const pods = informers.for(podKind);
  for (const [index, name] of ["node-a", "node-b"].entries()) {
    const capacity = { cpu: "4", memory: "8Gi", pods: "20" };
    const node = new SimulatedNode({
      ...{ name, index, capacity, client, pods, clock, rng: systemRng },
    });
    nodes.push(node);
    await node.start();
  }
});

afterAll(async () => {
  for (const node of nodes) node.crash();
  ending.abort();
  await server?.stop();
  await rm(root, { recursive: true, force: true });
});

function kubectl(...args: string[]): Promise<Finished> {
  const env = { PATH: process.env["PATH"], HOME: root, KUBECONFIG: server.kubeconfigPath };
  return runProgram(kubectlPath ?? "kubectl", args, { env });
}

async function succeeds(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectl(...args);
  expect(`${args.join(" ")}: exit ${code}\n${stdout}${stderr}`).toContain(": exit 0\n");
  return stdout + stderr;
}

test("kubectl works with daemon sets, stateful sets, budgets and priority classes", async (ctx) => {
  if (!kubectlPath) {
    console.warn("SKIPPED: kubectl is not installed");
    ctx.skip("kubectl is not installed");
  }
  const file = join(root, "workloads.yaml");
  await writeFile(file, WORKLOADS);
  await succeeds("apply", "-f", file);
  await succeeds("rollout", "status", "ds/logs", "--timeout=60s");
  await succeeds("rollout", "status", "sts/db", "--timeout=60s");

  expect(await succeeds("get", "ds", "logs", "--no-headers")).toMatch(
    /^logs +2 +2 +2 +2 +2 +<none> /,
  );
  expect(await succeeds("get", "sts", "db", "--no-headers")).toMatch(/^db +2\/2 /);
  expect(await succeeds("get", "pdb", "db", "--no-headers")).toMatch(/^db +2 +N\/A +0 /);
  expect(await succeeds("get", "pc", "--no-headers")).toMatch(
    /^system-cluster-critical +2000000000 +false .*PreemptLowerPriority$/m,
  );
  const pods = await succeeds("get", "pods", "-l", "app=db", "-o", "name");
  expect(pods.trim().split("\n")).toEqual(["pod/db-0", "pod/db-1"]);
  expect(await succeeds("describe", "ds", "logs")).toContain(
    "Desired Number of Nodes Scheduled: 2",
  );
  expect(await succeeds("describe", "sts", "db")).toContain(
    "create Pod db-0 in StatefulSet db successful",
  );
  expect(await succeeds("describe", "pdb", "db")).toMatch(/Allowed disruptions: +0/);

  for (const [target, image] of [
    ["ds/logs", "logs:2"],
    ["sts/db", "db:2"],
  ] as const) {
    await succeeds("set", "image", target, `main=${image}`);
    await succeeds("rollout", "status", target, "--timeout=60s");
    expect(await succeeds("rollout", "history", target)).toMatch(/^1 .*\n2 /m);
    const current = "jsonpath={.spec.template.spec.containers[0].image}";
    await succeeds("rollout", "undo", target);
    await succeeds("rollout", "status", target, "--timeout=60s");
    expect(await succeeds("get", target, "-o", current)).toBe(image.replace("2", "1"));
    expect(await succeeds("rollout", "history", target)).toMatch(/^2 .*\n3 /m);
  }
  expect(await succeeds("get", "controllerrevisions", "--no-headers")).toMatch(
    /^db-\S+ +statefulset\.apps\/db +3 /m,
  );
});

test("kubectl drain asks the disruption budget, and goes on when it allows", async (ctx) => {
  if (!kubectlPath) ctx.skip("kubectl is not installed");
  const where = "jsonpath={.spec.nodeName}";
  const node = await succeeds("get", "pod", "db-0", "-o", where);
  const drain = ["drain", node, "--ignore-daemonsets", "--timeout=6s"];
  const refused = await kubectl(...drain);
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toContain(
    "Cannot evict pod as it would violate the pod's disruption budget.",
  );
  await succeeds("patch", "pdb", "db", "--type=merge", "-p", '{"spec":{"minAvailable":1}}');
  await succeeds("wait", "pdb/db", "--for=jsonpath={.status.disruptionsAllowed}=1");
  expect(await succeeds("drain", node, "--ignore-daemonsets", "--timeout=60s")).toContain(
    "drained",
  );
  await succeeds("rollout", "status", "sts/db", "--timeout=60s");
  expect(await succeeds("get", "pod", "db-0", "-o", where)).not.toBe(node);
  await succeeds("uncordon", node);
});
