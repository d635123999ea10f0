import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinds } from "#api/kinds/index";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { createInformers } from "#client/shared-informers";
import { createApiServer } from "#control-plane/apiserver/api-server";
import { jwtKeysOf } from "#control-plane/apiserver/auth/jwt";
import { bootstrapCluster, fillNamespace } from "#control-plane/apiserver/bootstrap";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import { openStore } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { holdable } from "#test/bench/scheduler/held-informer";
import { complainingLog, type Rig, timingBindings } from "#test/bench/scheduler/rig";

const caPem = "a certificate";
const serviceCidr = "10.96.0.0/16";
const user = {
  name: "system:kaji:control-plane",
  groups: ["system:masters", "system:authenticated"],
};

export interface InProcessApi {
  readonly client: Client;
  close(): Promise<void>;
}

/** The real API server over the embedded store on disk, without its network. */
export async function openInProcessApi(): Promise<InProcessApi> {
  const folder = mkdtempSync(join(tmpdir(), "kaji-bench-"));
  const [clock, log, rng] = [systemClock, silentLog, seededRng(1)];
  const store = await openStore(`sqlite://${join(folder, "state.db")}`, { clock, log });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apiServer = createApiServer({
    ...{ store, kinds, clock, rng, log, serviceCidr },
    jwtKeys: jwtKeysOf(privateKey),
    advertisedAddress: "127.0.0.1:6443",
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace({ client, kinds, caPem }, object);
    },
  });
  const client = createClient(apiServer.handle, { user });
  await apiServer.ready();
  await bootstrapCluster({ client, kinds, caPem, serviceCidr, address: "127.0.0.1", port: 6443 });
  return {
    client,
    async close() {
      await apiServer.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The scheduler with every write through the API server into the durable store, in one process. */
export async function apiRig(): Promise<Rig> {
  const api = await openInProcessApi();
  const complaints: string[] = [];
  const [clock, log, rng] = [systemClock, complainingLog(complaints), seededRng(2)];
  const ending = new AbortController();
  const inner = createInformers(api.client, { clock, log, rng, signal: ending.signal });
  const { informers, hold, release } = holdable(inner);
  const [pods, nodes] = [informers.for(podKind), informers.for(nodeKind)];
  const bindRequestsMs: number[] = [];
  const client = timingBindings(api.client, bindRequestsMs);
  const scheduler = startScheduler({ client, informers, pods, nodes, plugins, clock, rng, log });
  await informers.synced();
  return {
    client: api.client,
    pods: inner.for(podKind),
    concurrency: 100,
    bindRequestsMs,
    complaints,
    ...{ hold, release },
    async close() {
      await scheduler.stop();
      ending.abort();
      await informers.stopped();
      await api.close();
    },
  };
}
