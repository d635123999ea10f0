import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { createClient } from "#client/api-client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { type RunningServer, startServer } from "#control-plane/main";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { freePorts } from "#test/support/host";

let root: string | undefined;
afterEach(async () => {
  if (root) await rm(root, { recursive: true, force: true });
});

async function startedServer(): Promise<{ server: RunningServer; apiPort: number }> {
  root = await mkdtemp(join(tmpdir(), "kaji-stop-"));
  const [apiPort = 0, gatewayPort = 0] = await freePorts(2);
  const server = await startServer({
    locations: locationsFor(root),
    bindAddress: "127.0.0.1",
    apiPort,
    gatewayPort,
    podCidr: "10.231.0.0/16",
    serviceCidr: "10.81.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
  return { server, apiPort };
}

test("a server that is told to stop waits for no watch to end, for watches have no end", async () => {
  const { server } = await startedServer();
  const transport = restTransport((await loadKubeconfig(server.kubeconfigPath)).rest);
  const client = createClient(transport);
  const key = { name: "one", namespace: "default" };
  const ending = new AbortController();
  const { metadata } = await client.list(configMapKind, { namespace: "default" });
  const watch = client.watch(configMapKind, {
    namespace: "default",
    resourceVersion: metadata.resourceVersion ?? "",
    signal: ending.signal,
  });
  const events = watch[Symbol.asyncIterator]();
  const first = events.next();
  await client.create(configMapKind, { apiVersion: "v1", kind: "ConfigMap", metadata: key });
  await expect(first).resolves.toMatchObject({ done: false });
  const after = events.next().then(
    () => "ended",
    () => "cut off",
  );
  await server.stop();
  expect(["ended", "cut off"]).toContain(await after);
  ending.abort();
  await transport.close();
});

test("a server that is told to stop waits for nobody who connected and says nothing", async () => {
  const { server, apiPort } = await startedServer();
  const silent = connect(apiPort, "127.0.0.1");
  await once(silent, "connect");
  const closed = once(silent.on("error", () => undefined).resume(), "close");
  await server.stop();
  await closed;
});
