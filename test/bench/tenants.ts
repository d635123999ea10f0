import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deploymentKind } from "#api/kinds/deployment";
import { podKind } from "#api/kinds/pod";
import { tenantKind } from "#api/kinds/tenant";
import { tenantPlanKind } from "#api/kinds/tenant-plan";
import type { KubeList } from "#api/machinery/meta";
import type { Tenant } from "#api/schema/own/tenant";
import type { Deployment } from "#api/schema/types";
import { nginxPid, workerPids } from "#ingress/nginx/process";
import { type BenchCluster, IMAGE, untilAnswer, withCluster } from "#test/bench/bench-cluster";
import { cpuMs } from "#test/bench/processes";
import { row, summarize } from "#test/bench/statistics";
import { measureStaticMap } from "#test/bench/static-map";
import { watchStages } from "#test/bench/tenant-stages";
import {
  createShops,
  createShopsSingly,
  memoryMib,
  shop,
  shopHost,
  shopName,
  visit,
} from "#test/support/shops";

/**
 * Many tenants on one control plane: how fast they come, what they cost in memory and at rest, how soon a change is
 * served, and how long starts take. Peer: the same hosts in a `map` of nginx's own file (FACTS: reload per change).
 *
 * `npm run bench -- tenants --tenants=20000` for fewer.
 */
const { values: flags } = parseArgs({
  options: { tenants: { type: "string", default: "200000" } },
  strict: false,
});
const TENANTS = Number(flags.tenants);
const SINGLE = 2_000;
const CHANGES = 200;
const WOKEN = 20;
/** V8 gives memory back in three collections, some 110 s apart, once a burst is over: a window has one or none. */
const IDLE_MS = 30_000;
const IDLE_WINDOWS = 4;
const QUIET_WINDOW_MS = 20_000;
/** The whole is to be done in twelve minutes: what is not at rest by then is measured as it is. */
const QUIET_LIMIT_MS = 150_000;
const LIMIT_MS = 180_000;
const GOAL_MIB = 1_500;
const NAMESPACE = "default";

const ECHO = `mkdir -p /www/cgi-bin && cd /www/cgi-bin &&
printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n$HTTP_X_KAJI_TENANT"\\n' >index.cgi &&
chmod +x index.cgi && exec httpd -f -p 8080 -h /www`;

function webDeployment(command: string): Deployment {
  const container = {
    ...{ name: "web", image: IMAGE, command: ["/bin/sh", "-c", command] },
    ports: [{ name: "http", containerPort: 8080 }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { name: "", labels: { app: "web" } },
        spec: { containers: [container], terminationGracePeriodSeconds: 1 },
      },
    },
  };
}

const sleeper = {
  apiVersion: "kaji.dev/v1alpha1",
  kind: "RequestAutoscaler",
  metadata: { name: "web" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    ...{ service: "web", minReplicas: 0, maxReplicas: 1, idleTimeoutSeconds: 2, windowSeconds: 6 },
  },
};

const webService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};

async function preparePlans({ client }: BenchCluster): Promise<void> {
  const apiVersion = "kaji.dev/v1alpha1";
  const fleet = webDeployment(ECHO);
  const metadata = { ...fleet.metadata, namespace: NAMESPACE };
  await client.create(deploymentKind, { ...fleet, metadata });
  await client.raw("POST", `/api/v1/namespaces/${NAMESPACE}/services`, webService);
  await client.create(tenantPlanKind, {
    ...{ apiVersion, kind: "TenantPlan", metadata: { name: "basic" } },
    spec: { mode: "pooled", service: { name: "web", port: 80, namespace: NAMESPACE } },
  });
  const page =
    "mkdir -p /www && printf '%s' ${tenant} >/www/index.html && exec httpd -f -p 8080 -h /www";
  const objects: unknown[] = [webDeployment(page), webService, sleeper];
  const template = objects as Record<string, unknown>[];
  await client.create(tenantPlanKind, {
    ...{ apiVersion, kind: "TenantPlan", metadata: { name: "plus" } },
    spec: { mode: "dedicated", template },
  });
}

function rowOf(name: string, timesMs: readonly number[], goal?: string): void {
  const { p50, p99, max } = summarize(timesMs);
  const figures = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;
  row(name, goal === undefined ? figures : `${figures} (goal ${goal})`);
}

/** What the machine is busy with besides decides much of these figures. */
async function stage(title: string, act: () => Promise<void>): Promise<void> {
  const tookMs = await timed(act);
  const load = `load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`;
  row(`- ${title} took`, `${(tookMs / 1000).toFixed(0)} s, ${load}`);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

async function repeated(
  times: number,
  act: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < times; index++) tookMs.push(await timed(() => act(index)));
  return tookMs;
}

async function untilServed(url: string, host: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while ((await visit(url, host).catch(() => undefined))?.status !== 200) {
    if (performance.now() > deadline) throw new Error(`${host} was not served in ${LIMIT_MS} ms`);
  }
}

async function createAll({ client, cluster }: BenchCluster): Promise<void> {
  const single = await timed(() => createShopsSingly(client, 0, SINGLE));
  row("created, a request each", `${((SINGLE * 1000) / single).toFixed(0)} per second`);
  const bulk = await timed(() => createShops(client, SINGLE, TENANTS));
  const rate = ((TENANTS - SINGLE) * 1000) / bulk;
  row("created from a file", `${rate.toFixed(0)} per second, ${(bulk / 1000).toFixed(1)} s`);
  const behind = await timed(() => untilServed(cluster.url, shopHost(TENANTS - 1)));
  row("the last one served after", `${behind.toFixed(0)} ms`);
}

function reportMemory({ cluster }: BenchCluster, title: string): void {
  const { server, ingress, nginx } = memoryMib(cluster);
  const all = server + ingress + nginx;
  const parts = `server ${server}, ingress ${ingress}, nginx ${nginx}`;
  const share = (all / GOAL_MIB).toFixed(2);
  row(`memory ${title}`, `${all} MiB: ${parts} (${share}x of the goal, ${GOAL_MIB})`);
}

async function readAll({ client }: BenchCluster): Promise<void> {
  const path = "/apis/kaji.dev/v1alpha1/tenants?";
  const get = (query: string) => () => client.raw("GET", path + query);
  rowOf("list of one page (500)", await repeated(100, get("limit=500")));
  rowOf("search by label (1 %)", await repeated(20, get("labelSelector=tier%3Dplus")));
  const named = (index: number) =>
    client.raw("GET", `${path}fieldSelector=metadata.name%3D${shopName(index * 97)}`);
  rowOf("search by name", await repeated(200, named));
  const whole = async (): Promise<void> => {
    for (let token: string | undefined = ""; token !== undefined; ) {
      const page: KubeList<Tenant> = await client.list(tenantKind, {
        limit: 2_000,
        ...(token ? { continue: token } : {}),
      });
      token = page.metadata.continue;
    }
  };
  row("list of all in pages of 2,000", `${(await timed(whole)).toFixed(0)} ms`);
}

async function changeSome({ client, cluster }: BenchCluster): Promise<readonly number[]> {
  const tookMs = await repeated(CHANGES, async (index) => {
    const target = (index * 7_919) % TENANTS;
    const host = `new-${index}.shops.example`;
    const body = { spec: { hosts: [shopHost(target), host] } };
    await client.patch(tenantKind, { name: shopName(target) }, { type: "merge", body });
    await untilServed(cluster.url, host);
  });
  rowOf("host added -> 200 OK", tookMs);
  const created = await repeated(CHANGES, async (index) => {
    await client.create(tenantKind, shop(TENANTS + index));
    await untilServed(cluster.url, shopHost(TENANTS + index));
  });
  rowOf("pooled tenant created -> 200 OK", created, "100 ms");
  return tookMs;
}

/** Dedicated ones among all the others, in no order of their making. */
function scattered(index: number): number {
  return TENANTS + CHANGES + ((index * 7) % WOKEN);
}

async function wakeSome(bench: BenchCluster): Promise<void> {
  const { client, cluster } = bench;
  const stages = watchStages(bench);
  const created: number[] = [];
  for (let index = 0; index < WOKEN; index++) {
    const at = scattered(index);
    const tookMs = await stages.during(shopName(at), async () => {
      await client.create(tenantKind, shop(at, "plus"));
      await untilServed(cluster.url, shopHost(at));
    });
    created.push(tookMs);
  }
  rowOf("dedicated tenant created -> 200 OK", created, "1 s");
  stages.report();
  await untilDone(async () => {
    const { items } = await client.list(podKind);
    if (items.some(({ metadata }) => metadata.namespace !== NAMESPACE)) throw new Error("awake");
  });
  const woken = await repeated(WOKEN, async (index) => {
    const at = scattered(index * 3);
    const { status, body } = await visit(cluster.url, shopHost(at));
    if (status !== 200) throw new Error(`${shopName(at)} answered ${status}: ${body}`);
  });
  rowOf("wake of a random one: request -> 200 OK", woken, "300 ms");
}

async function idle({ cluster }: BenchCluster): Promise<void> {
  const master = nginxPid(join(cluster.locations.run, "ingress")) ?? 0;
  const parts = {
    server: [cluster.pidOf("server")],
    ingress: [cluster.pidOf("ingress")],
    nginx: [master, ...workerPids(master)],
    agent: [cluster.pidOf("agent")],
  };
  const quiet = await timed(() => untilQuiet(() => cpuMs(Object.values(parts).flat())));
  row(
    "at rest after",
    `${(quiet / 1000).toFixed(0)} s (the store forgets the history of what came)`,
  );
  for (let window = 1; window <= IDLE_WINDOWS; window++) {
    const before = Object.values(parts).map(cpuMs);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const percent = Object.values(parts).map(
      (pids, i) => ((cpuMs(pids) - (before[i] ?? 0)) / IDLE_MS) * 100,
    );
    const all = percent.reduce((sum, one) => sum + one, 0);
    const each = Object.keys(parts).map((name, i) => `${name} ${percent[i]?.toFixed(2)}`);
    row(
      `at rest, ${IDLE_MS / 1000} s, ${window} of ${IDLE_WINDOWS}`,
      `${all.toFixed(2)} % of a core: ${each.join(", ")} (goal: below 1)`,
    );
  }
}

/** What came is compacted in the background, for minutes when it was much. */
async function untilQuiet(spentMs: () => number): Promise<void> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  for (let before = spentMs(); performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_WINDOW_MS));
    const now = spentMs();
    if (now - before < QUIET_WINDOW_MS * 0.01) return;
    before = now;
  }
}

async function restart({ client, cluster }: BenchCluster): Promise<void> {
  const list = (): Promise<unknown> => client.list(tenantKind, { limit: 1 });
  process.kill(cluster.pidOf("server"), "SIGKILL");
  const server = await timed(() => untilDone(list));
  row("server killed -> answers again", `${(server / 1000).toFixed(1)} s`);
  const readyFile = join(cluster.locations.run, "ingress/ready");
  const former = readFileSync(readyFile, "utf8");
  process.kill(cluster.pidOf("ingress"), "SIGKILL");
  const ingress = await timed(() =>
    untilDone(async () => {
      if (!existsSync(readyFile) || readFileSync(readyFile, "utf8") === former) throw new Error();
    }),
  );
  row("ingress process killed -> all told again", `${(ingress / 1000).toFixed(1)} s`);
}

async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function begin(bench: BenchCluster): Promise<void> {
  await preparePlans(bench);
  await bench.client.create(tenantKind, shop(TENANTS * 2));
  await untilAnswer(bench.cluster.url, shopHost(TENANTS * 2), shopName(TENANTS * 2));
  reportMemory(bench, "with one tenant");
}

async function againstPeer(changes: readonly number[]): Promise<void> {
  const peer = await measureStaticMap(TENANTS, 5);
  if (peer === undefined) return;
  rowOf("peer: a map in nginx's file, host added -> 200 OK", peer.changesMs);
  row("peer: memory of nginx", `${peer.memoryMib} MiB`);
  const ratio = summarize(changes).p50 / summarize(peer.changesMs).p50;
  row("time of a change against the peer's", `${ratio.toFixed(3)}x`);
}

await withCluster(async (bench) => {
  const changes: number[] = [];
  await stage("start", () => begin(bench));
  await stage("creation", () => createAll(bench));
  reportMemory(bench, `with ${TENANTS} tenants`);
  await stage("lists and searches", () => readAll(bench));
  await stage("changes", async () => void changes.push(...(await changeSome(bench))));
  await stage("dedicated ones", () => wakeSome(bench));
  await stage("restarts", () => restart(bench));
  reportMemory(bench, "after the restarts");
  await stage("rest", () => idle(bench));
  await stage("the peer", () => againstPeer(changes));
});
process.exit(process.exitCode ?? 0);
