import { request } from "node:http";
import { availableParallelism, loadavg } from "node:os";
import { deploymentKind } from "#api/kinds/deployment";
import { podKind } from "#api/kinds/pod";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { trafficReportKind } from "#api/kinds/traffic-report";
import type { Deployment, Pod } from "#api/schema/types";
import {
  type BenchCluster,
  expose,
  IMAGE,
  untilAnswer,
  webServer,
  withCluster,
} from "#test/bench/bench-cluster";
import { row, summarize } from "#test/bench/statistics";
import { startLoad } from "#test/support/load";

/**
 * From the first byte of a request to the first byte of its answer: with the workload at zero and its image on the
 * node, and with a warm workload as the peer. Then twenty first requests at once, and a burst of ten times the load.
 */
const ROUNDS = 20;
const WARM_REQUESTS = 300;
const PARALLEL = 20;
const PARALLEL_ROUNDS = 5;
const BURST_MS = 15_000;
const LIMIT_MS = 30_000;

const SLOW_PAGE = `mkdir -p /www/cgi-bin && cd /www/cgi-bin &&
printf '#!/bin/sh\\nsleep 0.1\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\nslow"\\n' >page &&
chmod +x page && exec httpd -f -p 8080 -h /www`;

function deployment(name: string, more: object): Deployment {
  const labels = { app: name };
  const container = { ...webServer("echo awake"), ...more };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { name: "", labels },
        spec: { containers: [container], terminationGracePeriodSeconds: 1 },
      },
    },
  };
}

async function install(
  { client }: BenchCluster,
  name: string,
  more: object,
  spec: object,
): Promise<void> {
  await client.create(deploymentKind, deployment(name, more));
  await client.create(requestAutoscalerKind, {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "RequestAutoscaler",
    metadata: { name, namespace: "default" },
    spec: { scaleTargetRef: { kind: "Deployment", name }, service: name, maxReplicas: 10, ...spec },
  });
}

function podsOf({ informers }: BenchCluster, name: string): Pod[] {
  return informers
    .for(podKind)
    .list()
    .filter(({ metadata }) => metadata.labels?.app === name);
}

async function until(what: string, isSo: () => boolean): Promise<number> {
  const deadline = performance.now() + LIMIT_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now();
}

/** To zero as the autoscaler does it, without its idle timeout: when no report tells of a request. */
async function putToSleep(bench: BenchCluster, name: string): Promise<void> {
  const isQuiet = (): boolean =>
    bench.informers
      .for(trafficReportKind)
      .list()
      .every(({ status }) => (status?.waiting ?? 0) + (status?.inFlight ?? 0) === 0);
  await until("the ingress is quiet", isQuiet);
  await bench.client.patch(
    deploymentKind,
    { name, namespace: "default" },
    { type: "merge", body: { spec: { replicas: 0 } } },
  );
  await until(`${name} is gone`, () => podsOf(bench, name).length === 0);
}

/** Milliseconds to the first byte. */
function firstByte(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    request(url, { agent: false, headers: { host }, timeout: LIMIT_MS }, (response) => {
      const tookMs = performance.now() - started;
      response.resume();
      if (response.statusCode === 200) resolve(tookMs);
      else reject(new Error(`answered ${response.statusCode}`));
    })
      .on("error", reject)
      .end();
  });
}

function print(name: string, times: readonly number[]): void {
  const { p50, p99, max } = summarize(times);
  const figures = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;
  row(name, `${figures} (${times.length})`);
}

async function coldStarts(bench: BenchCluster, name: string, host: string): Promise<void> {
  const { url } = bench.cluster;
  const cold: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    await putToSleep(bench, name);
    cold.push(await firstByte(url, host));
  }
  print(`cold, ${name}`, cold);
}

async function parallel(bench: BenchCluster, name: string, host: string): Promise<void> {
  const starts: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < PARALLEL_ROUNDS; i++) {
    await putToSleep(bench, name);
    const all = Array.from({ length: PARALLEL }, () => firstByte(bench.cluster.url, host));
    times.push(...(await Promise.all(all)));
    starts.push(podsOf(bench, name).length);
  }
  print(`${PARALLEL} first requests at once`, times);
  row("  pods started for them, each time", [...new Set(starts)].join(", "));
}

async function burst(bench: BenchCluster): Promise<void> {
  const name = "burst";
  const host = await expose(bench, name);
  const target = { metric: "Concurrency", value: 5, utilizationPercentage: 100 };
  await install(
    bench,
    name,
    { command: ["/bin/sh", "-c", SLOW_PAGE] },
    { minReplicas: 1, panicWindowSeconds: 2, target },
  );
  const url = `${bench.cluster.url}cgi-bin/page`;
  await untilAnswer(url, host, "slow");
  const clients = { url, host, newConnectionClients: 0, pauseMs: 20 };
  const calm = startLoad({ ...clients, keepAliveClients: 2 });
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  const ready = (): number =>
    bench.informers.for(deploymentKind).get(`default/${name}`)?.status?.readyReplicas ?? 0;
  const load = startLoad({ ...clients, keepAliveClients: 18 });
  const started = performance.now();
  const second = await until("a second replica", () => ready() >= 2);
  const third = await until("the third replica", () => ready() >= 3);
  const restMs = BURST_MS - (performance.now() - started);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, restMs)));
  const results = [await calm.stop(), await load.stop()];
  const failed = results.flatMap(({ failures }) => failures).length;
  const requests = results.reduce((sum, one) => sum + one.requests, 0);
  row(
    "burst from 2 to 20 at once: 2, 3 replicas ready after",
    `${(second - started).toFixed(0)} ms, ${(third - started).toFixed(0)} ms`,
  );
  row("  failed requests", `${failed} of ${requests}`);
}

await withCluster(
  async (bench) => {
    bench.informers.for(podKind);
    bench.informers.for(deploymentKind);
    bench.informers.for(trafficReportKind);
    const name = "no-probe";
    const host = await expose(bench, name);
    await install(bench, name, {}, {});
    await untilAnswer(bench.cluster.url, host, "awake");
    const warm: number[] = [];
    for (let i = 0; i < WARM_REQUESTS; i++) warm.push(await firstByte(bench.cluster.url, host));
    print("warm", warm);
    // A wake is a chain of short steps in several processes: on a busy host each waits for its turn.
    row(
      "load average of this host",
      `${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    );
    await coldStarts(bench, name, host);
    await parallel(bench, name, host);
    const probed = await expose(bench, "readiness-probe");
    const readinessProbe = { httpGet: { path: "/", port: "http" }, periodSeconds: 1 };
    await install(bench, "readiness-probe", { image: IMAGE, readinessProbe }, {});
    await untilAnswer(bench.cluster.url, probed, "awake");
    await coldStarts(bench, "readiness-probe", probed);
    await burst(bench);
  },
  { podCidr: "10.237.0.0/16", serviceCidr: "10.87.0.0/16" },
);
