import { configMapKind } from "#api/kinds/config-map";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Pod, ReplicaSet } from "#api/schema/types";
import type { Client } from "#client/client";
import { createInformers } from "#client/shared-informers";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { FLEET_IMAGE, type TestServer } from "#test/support/servers";

/** What goes on while servers are killed, and what must be said of it afterwards. */
const UNREADY = new Set(["False", "Unknown"]);

export function podOn(nodeName: string, name = `pod-${nodeName}`): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": nodeName },
      containers: [{ name: "main", image: FLEET_IMAGE, imagePullPolicy: "Never" }],
    },
  };
}

/** Its pods are nobody's to schedule: they only have to be there, once each. */
export function replicaSet(namespace: string, replicas: number): ReplicaSet {
  const labels = { app: "counted" };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "counted", namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { name: "", labels },
        spec: { schedulerName: "nobody", containers: [{ name: "main", image: FLEET_IMAGE }] },
      },
    },
  };
}

/** Every pod that was ever there. */
export function countPods(client: Client, namespace: string) {
  const ending = new AbortController();
  const uids = new Set<string>();
  const { signal } = ending;
  const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
  informers.for(podKind, { namespace }).onChange(({ current }) => {
    if (current?.metadata.uid) uids.add(current.metadata.uid);
  });
  return { uids, stop: () => ending.abort() };
}

/** Notes each node that is seen not ready. */
export function watchReadiness(client: Client) {
  const ending = new AbortController();
  const unready = new Set<string>();
  const { signal } = ending;
  const informers = createInformers(client, { clock: systemClock, log: silentLog, signal });
  informers.for(nodeKind).onChange(({ current }) => {
    const ready = current?.status?.conditions?.find(({ type }) => type === "Ready");
    if (current && ready && UNREADY.has(ready.status)) unready.add(current.metadata.name);
  });
  return {
    stop(): string[] {
      ending.abort();
      return [...unready];
    },
  };
}

let loads = 0;

/** Writes through every server that stays, one after the other, as fast as it is answered. */
export function startLoad(servers: readonly TestServer[]) {
  const acknowledged: string[] = [];
  const run = ++loads;
  let isOver = false;
  const write = async ({ client, name: from }: TestServer): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const name = `load-${run}-${from}-${count}`;
      try {
        await client.create(configMapKind, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name, namespace: "default" },
        });
        acknowledged.push(name);
      } catch (error) {
        // A write without an answer may have happened or not.
        if (error instanceof StatusError && error.code < 500) throw error;
      }
    }
  };
  const writers = servers.map(write);
  return {
    acknowledged,
    async stop(): Promise<void> {
      isOver = true;
      await Promise.all(writers);
    },
  };
}

/** Undecided while etcd elects: asked again; what is there already is as good. */
export async function createAnyhow(client: Client, pod: Pod): Promise<boolean> {
  try {
    await client.create(podKind, pod);
    return true;
  } catch (error) {
    if (error instanceof StatusError && error.code === 409) return true;
    if (error instanceof StatusError && error.code < 500) throw error;
    return false;
  }
}

/** Figures for whoever reads the run. */
export function report(what: string, ms: number): void {
  console.info(`${what} after ${(ms / 1000).toFixed(1)} s`);
}
