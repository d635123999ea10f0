import { deploymentKind } from "#api/kinds/deployment";
import type { Container, Deployment } from "#api/schema/types";
import {
  type BenchCluster,
  expose,
  IMAGE,
  untilAnswer,
  withCluster,
} from "#test/bench/bench-cluster";
import { row, summarize } from "#test/bench/statistics";
import { type LoadResult, startLoad } from "#test/support/load";

/**
 * Swaps of a Deployment's one pod under load through nginx, with the drain and, as the peer, with the old
 * container stopped at once. The page takes some milliseconds, so that requests are in flight at every moment.
 */
const SWAPS = 100;
const LIMIT_MS = 40_000;
const PAUSE_MS = 100;
const PAGE_SECONDS = "0.02";

const SERVE = `mkdir -p /www/cgi-bin && cd /www/cgi-bin &&
printf '#!/bin/sh\\nsleep ${PAGE_SECONDS}\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n$VERSION"\\n' >page &&
chmod +x page && trap 'exit 0' TERM && { httpd -f -p 8080 -h /www & wait $!; }`;

function web(version: string): Container {
  return {
    name: "web",
    image: IMAGE,
    command: ["/bin/sh", "-c", SERVE],
    env: [{ name: "VERSION", value: version }],
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/cgi-bin/page", port: "http" }, periodSeconds: 1 },
  };
}

function deployment(name: string, annotations: Record<string, string>): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { name: "", labels, annotations },
        spec: { containers: [web("v0")], terminationGracePeriodSeconds: 5 },
      },
    },
  };
}

interface Swaps {
  readonly timesMs: readonly number[];
  readonly load: LoadResult;
}

async function swaps(
  bench: BenchCluster,
  name: string,
  annotations: Record<string, string>,
): Promise<Swaps> {
  const { client, cluster } = bench;
  const host = await expose(bench, name);
  const url = `${cluster.url}cgi-bin/page`;
  await client.create(deploymentKind, deployment(name, annotations));
  await untilAnswer(url, host, "v0");
  const clients = { keepAliveClients: 20, newConnectionClients: 5, pauseMs: PAUSE_MS };
  const load = startLoad({ url, host, ...clients });
  const timesMs: number[] = [];
  const end = performance.now() + LIMIT_MS;
  for (let i = 1; i <= SWAPS && performance.now() < end; i++) {
    const started = performance.now();
    await swapTo(bench, name, `v${i}`);
    timesMs.push(performance.now() - started);
  }
  const result = await load.stop();
  await client.delete(deploymentKind, { name, namespace: "default" });
  return { timesMs, load: result };
}

/** Patches, and waits until the Deployment says that the new pod is available and the old one is gone. */
async function swapTo({ client, informers }: BenchCluster, name: string, version: string) {
  const deployments = informers.for(deploymentKind);
  await client.patch(
    deploymentKind,
    { name, namespace: "default" },
    { type: "strategic", body: { spec: { template: { spec: { containers: [web(version)] } } } } },
  );
  const isDone = (): boolean => {
    const current = deployments.get(`default/${name}`);
    const { replicas, updatedReplicas, availableReplicas, observedGeneration } =
      current?.status ?? {};
    const isNew =
      current?.spec?.template.spec?.containers[0]?.env?.[0]?.value === version &&
      observedGeneration === current.metadata.generation;
    return isNew && replicas === 1 && updatedReplicas === 1 && availableReplicas === 1;
  };
  const deadline = performance.now() + LIMIT_MS;
  while (!isDone()) {
    if (performance.now() > deadline)
      throw new Error(`${name} was not at ${version} in ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function report(name: string, { timesMs, load }: Swaps): void {
  const { p50, p99 } = summarize(timesMs);
  row(
    name,
    `${timesMs.length} swaps, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; ${load.failures.length} of ${load.requests} requests failed`,
  );
  const sentences = load.failures.map((failure) => failure.split("\n")[0]);
  for (const sentence of new Set(sentences)) console.log(`    ${sentence}`);
}

await withCluster(async (bench) => {
  const drained = await swaps(bench, "drained", {});
  const abrupt = await swaps(bench, "abrupt", { "kaji.dev/drain-timeout-seconds": "0" });
  report("with the drain", drained);
  report("peer: the old container is stopped at once", abrupt);
  const ratio = summarize(drained.timesMs).p50 / summarize(abrupt.timesMs).p50;
  row("what the drain costs in time per swap", `${ratio.toFixed(2)}x`);
});
process.exit(process.exitCode ?? 0);
