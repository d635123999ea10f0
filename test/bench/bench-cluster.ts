import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ingressKind } from "#api/kinds/ingress";
import { podKind } from "#api/kinds/pod";
import { serviceKind } from "#api/kinds/service";
import { keyOf } from "#api/machinery/meta";
import type { Container, Pod } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { createInformers, type Informers } from "#client/shared-informers";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { busyboxTar, createCluster, type TestCluster } from "#test/support/cluster";
import { findProgram } from "#test/support/host";

/** A cluster of its own for one benchmark, with a client that watches. Gone afterwards, whatever happened. */
export interface BenchCluster {
  readonly cluster: TestCluster;
  readonly client: Client;
  readonly informers: Informers;
  /** When it was true first, by performance.now(); undefined: the pod is gone. */
  untilPod(key: string, isSo: (pod: Pod | undefined) => boolean): Promise<number>;
}

export const IMAGE = "kaji.dev/bench:v1";
const NEEDED = ["nginx", "nft", "ip", "busybox"];
const LIMIT_MS = 30_000;

const RANGES = { podCidr: "10.251.0.0/16", serviceCidr: "10.111.0.0/16" };

export async function withCluster(
  act: (bench: BenchCluster) => Promise<void>,
  ranges = RANGES,
): Promise<void> {
  const lacks = NEEDED.filter((name) => findProgram(name) === undefined);
  if (process.getuid?.() !== 0) lacks.unshift("root");
  if (lacks.length > 0) return console.warn(`skipped: this host has no ${lacks.join(", no ")}`);
  const scratch = mkdtempSync(join(tmpdir(), "kaji-bench-"));
  const cluster = await createCluster(ranges);
  const ending = new AbortController();
  try {
    expectDone(await cluster.up());
    expectDone(await cluster.kaji("import", await busyboxTar(scratch), IMAGE));
    const transport = restTransport((await loadKubeconfig(cluster.kubeconfig)).rest);
    const client = createClient(transport);
    const { signal } = ending;
    const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
    try {
      await act({ cluster, client, informers, untilPod: podObserver(informers) });
    } finally {
      ending.abort();
      await informers.stopped();
      await transport.close();
    }
  } finally {
    await cluster.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function expectDone({ code, stderr }: { code: number; stderr: string }): void {
  if (code !== 0) throw new Error(`the cluster could not be prepared: ${stderr}`);
}

function podObserver(informers: Informers): BenchCluster["untilPod"] {
  const waiting = new Set<() => void>();
  const pods = informers.for(podKind);
  pods.onChange(() => {
    for (const look of waiting) look();
  });
  return (key, isSo) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isSo(pods.get(key))) return;
        settle();
        resolve(performance.now());
      };
      const timer = setTimeout(() => {
        settle();
        const status = JSON.stringify(pods.get(key)?.status);
        reject(new Error(`pod ${key} was not there within ${LIMIT_MS} ms: ${status}`));
      }, LIMIT_MS);
      const settle = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
}

/** A web server whose one page is what the command `page` prints. */
export function webServer(page: string): Container {
  const script = `mkdir -p /www && ${page} >/www/index.html && exec httpd -f -p 8080 -h /www`;
  return {
    name: "web",
    image: IMAGE,
    command: ["/bin/sh", "-c", script],
    ports: [{ name: "http", containerPort: 8080 }],
  };
}

/** Service and Ingress `name` at http://NAME.localhost/ for the pods with label app=NAME. */
export async function expose({ client }: BenchCluster, name: string): Promise<string> {
  const host = `${name}.localhost`;
  await client.create(serviceKind, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  });
  const backend = { service: { name, port: { name: "http" } } };
  await client.create(ingressKind, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "default" },
    spec: { rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
  });
  return host;
}

/** Asks again and again on new connections until the answer is this text; when, by performance.now(). */
export async function untilAnswer(url: string, host: string, text: string): Promise<number> {
  const deadline = performance.now() + LIMIT_MS;
  while ((await ask(url, host)) !== text) {
    if (performance.now() > deadline)
      throw new Error(`${url} did not answer ${text} in ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now();
}

function ask(url: string, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent: false, headers: { host }, timeout: 1_000 });
    outgoing.on("response", (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve(body.trim()));
      response.on("error", () => resolve(undefined));
    });
    outgoing.on("timeout", () => outgoing.destroy());
    // Nobody listens yet: that is what is waited for.
    outgoing.on("error", () => resolve(undefined));
    outgoing.end();
  });
}

export async function removePod(bench: BenchCluster, pod: Pod): Promise<void> {
  const { name, namespace = "default" } = pod.metadata;
  await bench.client.delete(podKind, { name, namespace }, { gracePeriodSeconds: 0 });
  await bench.untilPod(keyOf(pod), (current) => current === undefined);
}
