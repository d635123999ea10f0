import { mkdtempSync, rmSync } from "node:fs";
import { podKind } from "#api/kinds/pod";
import { keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import {
  type BenchCluster,
  expose,
  removePod,
  untilAnswer,
  webServer,
  withCluster,
} from "#test/bench/bench-cluster";
import { isInstalled, kaji, ociRuntime } from "#test/bench/contenders";
import { row, summarize } from "#test/bench/statistics";
import { closeFixture, openFixture } from "#test/e2e/runtime-fixture";
import { join } from "node:path";

/**
 * From the POST of a pod to Running (seen by a watch), to its first answer by pod IP, and to its first answer
 * through nginx. One pod at a time, then all at once. Peers: a container's start, wait and delete without a cluster.
 */
const PODS = 50;
const APP = "pod-start";

function pod(name: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: APP } },
    spec: { containers: [webServer("hostname")], terminationGracePeriodSeconds: 1 },
  };
}

interface Times {
  readonly running: number[];
  readonly answer: number[];
  readonly nginx: number[];
}

const isRunning = (current: Pod | undefined): boolean => current?.status?.phase === "Running";

async function oneByOne(bench: BenchCluster, host: string): Promise<Times> {
  const times: Times = { running: [], answer: [], nginx: [] };
  for (let i = 0; i < PODS; i++) {
    const one = pod(`one-${i}`);
    const key = keyOf(one);
    const started = performance.now();
    const throughNginx = untilAnswer(bench.cluster.url, host, one.metadata.name);
    await bench.client.create(podKind, one);
    times.running.push((await bench.untilPod(key, isRunning)) - started);
    const ip = bench.informers.for(podKind).get(key)?.status?.podIP;
    times.answer.push((await untilAnswer(`http://${ip}:8080/`, host, one.metadata.name)) - started);
    times.nginx.push((await throughNginx) - started);
    await removePod(bench, one);
  }
  return times;
}

async function allAtOnce(bench: BenchCluster): Promise<number[]> {
  const all = Array.from({ length: PODS }, (_, i) => pod(`all-${i}`));
  const started = performance.now();
  const running = all.map((one) => bench.untilPod(keyOf(one), isRunning));
  await Promise.all(all.map((one) => bench.client.create(podKind, one)));
  const times = (await Promise.all(running)).map((at) => at - started);
  await Promise.all(all.map((one) => removePod(bench, one)));
  return times;
}

/** Start, wait and delete of /bin/true by the runtime alone and by crun. */
async function bareContainers(): Promise<ReadonlyMap<string, number[]>> {
  const scratch = mkdtempSync("/tmp/kaji-bench-");
  const fixture = await openFixture();
  try {
    const image = join(fixture.root, "image");
    const contenders = [
      kaji(fixture),
      ...["crun"].filter(isInstalled).map((name) => ociRuntime(name, image, scratch, scratch)),
    ];
    const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < PODS; round++) {
      for (const { name, run } of contenders) {
        const started = performance.now();
        await run(round);
        times.get(name)?.push(performance.now() - started);
      }
    }
    return times;
  } finally {
    await closeFixture(fixture);
    rmSync(scratch, { recursive: true, force: true });
  }
}

await withCluster(async (bench) => {
  const host = await expose(bench, APP);
  await removePod(bench, await bench.client.create(podKind, pod("warm-up")));
  const times = await oneByOne(bench, host);
  const atOnce = await allAtOnce(bench);
  const bare = await bareContainers();
  const peer = summarize(bare.get("crun") ?? bare.get("kaji") ?? []).p50;
  const peerName = bare.has("crun") ? "crun" : "bare runtime";
  const line = (name: string, values: readonly number[]): void => {
    const { p50, p99 } = summarize(values);
    row(
      name,
      `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (p50 ${(p50 / peer).toFixed(1)}x ${peerName})`,
    );
  };
  line(`POST to Running, ${PODS} pods one by one`, times.running);
  line("POST to the first answer by pod IP", times.answer);
  line("POST to the first answer through nginx", times.nginx);
  line(`POST to Running, ${PODS} pods at once`, atOnce);
  for (const [name, values] of bare) line(`peer: ${name} runs /bin/true and is deleted`, values);
});
process.exit(process.exitCode ?? 0);
