import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configMapKind } from "#api/kinds/config-map";
import { podKind } from "#api/kinds/pod";
import type { ConfigMap, Pod } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { startServer } from "#control-plane/main";
import { openStore } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { row } from "#test/bench/statistics";
import { freePorts } from "#test/support/host";

/** Creates over HTTPS from this same process: the client's cost is in the figure, as it is for every peer. */
const CREATES = 3_000;
const LIST_PODS = 10_000;

async function perSecond(
  total: number,
  clients: number,
  act: (i: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (next < total) await act(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  return total / ((performance.now() - started) / 1000);
}

function configMap(name: string): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default" },
    data: { key: "x".repeat(900) },
  };
}

function pod(i: number): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${i}`, namespace: "default", labels: { app: `app-${i % 100}` } },
    spec: {
      containers: [
        {
          name: "web",
          image: "example/web:v1",
          resources: { requests: { cpu: "100m", memory: "500Mi" } },
        },
      ],
    },
  };
}

async function timeList(client: Client): Promise<number> {
  const started = performance.now();
  const { items } = await client.list(podKind, { namespace: "default" });
  if (items.length !== LIST_PODS)
    throw new Error(`listed ${items.length} pods instead of ${LIST_PODS}`);
  return performance.now() - started;
}

const folder = mkdtempSync(join(tmpdir(), "kaji-bench-"));
try {
  const [apiPort = 0, gatewayPort = 0] = await freePorts(2);
  const server = await startServer({
    locations: locationsFor(folder),
    bindAddress: "127.0.0.1",
    apiPort,
    gatewayPort,
    podCidr: "10.245.0.0/16",
    serviceCidr: "10.97.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
  const transport = restTransport((await loadKubeconfig(server.kubeconfigPath)).rest);
  const client = createClient(transport);
  const store = await openStore(`sqlite://${join(folder, "peer.db")}`, {
    clock: systemClock,
    log: silentLog,
  });
  for (const clients of [1, 10, 100]) {
    const api = await perSecond(CREATES, clients, (i) =>
      client.create(configMapKind, configMap(`c${clients}-${i}`)),
    );
    const value = Buffer.from(JSON.stringify(configMap("peer")));
    const bare = await perSecond(CREATES, clients, (i) =>
      store.txn({
        compare: [{ key: `/${clients}/${i}`, exists: false }],
        then: [{ type: "put", key: `/${clients}/${i}`, value }],
      }),
    );
    row(
      `ConfigMap creates/s over HTTPS, ${clients} at once`,
      `${api.toFixed(0)} (${(api / bare).toFixed(2)}x of the bare store's ${bare.toFixed(0)})`,
    );
  }
  await perSecond(LIST_PODS, 50, (i) => server.client.create(podKind, pod(i)));
  const overHttps = Math.min(
    await timeList(client),
    await timeList(client),
    await timeList(client),
  );
  const inProcess = Math.min(
    await timeList(server.client),
    await timeList(server.client),
    await timeList(server.client),
  );
  row(`list of ${LIST_PODS} pods over HTTPS, parsed by the client`, `${overHttps.toFixed(0)} ms`);
  row(
    `list of ${LIST_PODS} pods in process`,
    `${inProcess.toFixed(1)} ms (${(inProcess / overHttps).toFixed(2)}x)`,
  );
  row(
    "memory of server and client in one process afterwards",
    `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
  await transport.close();
  await store.close();
  await server.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
