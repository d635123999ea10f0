import { setTimeout as sleepMs } from "node:timers/promises";
import { configMapKind } from "#api/kinds/config-map";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { ConfigMap, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Informers } from "#client/shared-informers";
import { BUSYBOX } from "#test/support/hosts-cluster";

/** Those who use a cluster while it is hurt, and write down what they were told. Times by performance.now(). */

const WRITE_EVERY_MS = 50;
const RETRY_MS = 200;
const REGISTER = "register";

export interface Writer {
  /** Names of the ConfigMaps that were created, by the server's word. */
  readonly acknowledged: readonly string[];
  /** Longest time between two acknowledged writes since then. */
  longestGapMs(sinceMs: number): number;
  /** What was acknowledged and is not there. */
  lost(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Creates ConfigMaps, and counts in another one by compare-and-swap. */
export function startWriter(client: Client): Writer {
  const acknowledged: string[] = [];
  const timesMs: number[] = [];
  let count = 0;
  let isOver = false;
  const creating = async (): Promise<void> => {
    for (let number = 0; !isOver; number++) {
      const name = `written-${number}`;
      const isWritten = await tryWrite(() => client.create(configMapKind, configMap(name)));
      if (isWritten) {
        acknowledged.push(name);
        timesMs.push(performance.now());
      }
      await sleepMs(isWritten ? WRITE_EVERY_MS : RETRY_MS);
    }
  };
  const counting = async (): Promise<void> => {
    await client.create(configMapKind, { ...configMap(REGISTER), data: { count: "0" } });
    while (!isOver) {
      const isWritten = await tryWrite(async () => {
        const now = await client.get(configMapKind, REGISTER, "default");
        const next = Number(now.data?.count) + 1;
        await client.update(configMapKind, { ...now, data: { count: `${next}` } });
        count = next;
      });
      await sleepMs(isWritten ? WRITE_EVERY_MS : RETRY_MS);
    }
  };
  const tasks = [creating(), counting()];
  return {
    acknowledged,
    longestGapMs: (sinceMs) => {
      const times = [sinceMs, ...timesMs.filter((time) => time >= sinceMs)];
      return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
    },
    async lost() {
      const { items } = await patiently(() => client.list(configMapKind, { namespace: "default" }));
      const present = new Map(items.map((item) => [item.metadata.name, item]));
      const gone = acknowledged.filter((name) => !present.has(name));
      const counted = Number(present.get(REGISTER)?.data?.count);
      return counted >= count ? gone : [...gone, `${REGISTER} ${count}: is ${counted}`];
    },
    async stop() {
      isOver = true;
      await Promise.all(tasks);
    },
  };
}

function configMap(name: string): ConfigMap {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

/** False: it may have happened or not. */
async function tryWrite(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    const isConflict = error instanceof StatusError && error.code === 409;
    if (error instanceof StatusError && error.code < 500 && !isConflict) throw error;
    return false;
  }
}

/** When nodes were first seen not ready. */
export function watchReadiness(informers: Informers): ReadonlyMap<string, number> {
  const unready = new Map<string, number>();
  informers.for(nodeKind).onChange(({ current }) => {
    const ready = current?.status?.conditions?.find(({ type }) => type === "Ready");
    if (!current || !ready || ready.status === "True") return;
    const { name } = current.metadata;
    unready.set(name, unready.get(name) ?? performance.now());
  });
  return unready;
}

const PROBE_EVERY_MS = 1_000;
const PROBE_LABEL = { probe: "scheduling" };

/** One pod of a user, from the first attempt to create it. */
export interface Probe {
  readonly name: string;
  readonly beganAtMs: number;
  boundAtMs?: number;
  nodeName?: string;
  runningAtMs?: number;
  isGone?: boolean;
}

export interface Prober {
  readonly probes: readonly Probe[];
  /** Creates no more. */
  stop(): Promise<void>;
}

/** Creates a pod each second and deletes it when it runs. */
export function startProber(client: Client, informers: Informers): Prober {
  const probes = new Map<string, Probe>();
  const tasks = new Set<Promise<void>>();
  const ending = new AbortController();
  informers
    .for(podKind, { namespace: "default", labelSelector: "probe=scheduling" })
    .onChange(({ previous, current }) => {
      const probe = probes.get((current ?? previous)?.metadata.name ?? "");
      if (!probe) return;
      if (!current) probe.isGone = true;
      const { nodeName } = current?.spec ?? {};
      if (nodeName !== undefined && probe.boundAtMs === undefined) {
        Object.assign(probe, { nodeName, boundAtMs: performance.now() });
      }
      if (current?.status?.phase !== "Running" || probe.runningAtMs !== undefined) return;
      probe.runningAtMs = performance.now();
      start(insist(() => client.delete(podKind, { name: probe.name, namespace: "default" })));
    });
  const start = (task: Promise<void>): void => {
    tasks.add(task);
    void task.finally(() => tasks.delete(task));
  };
  const probing = async (): Promise<void> => {
    for (let number = 0; !ending.signal.aborted; number++) {
      const name = `probe-${number}`;
      probes.set(name, { name, beganAtMs: performance.now() });
      start(insist(() => client.create(podKind, probePod(name))));
      await sleepMs(PROBE_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const running = probing();
  return {
    get probes() {
      return [...probes.values()];
    },
    async stop() {
      ending.abort();
      await running;
      await Promise.all(tasks);
    },
  };
}

const READ_TIMEOUT_MS = 30_000;

/** What is read while servers die is read again. */
export async function patiently<T>(read: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + READ_TIMEOUT_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isRefused = error instanceof StatusError && error.code < 500;
      if (isRefused || performance.now() > deadlineMs) throw error;
      await sleepMs(RETRY_MS);
    }
  }
}

/** Until it is done: also when it turns out to have been done by an attempt without an answer. */
export async function insist(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (error instanceof StatusError && [404, 409].includes(error.code)) return;
      if (error instanceof StatusError && error.code < 500) throw error;
      await sleepMs(RETRY_MS);
    }
  }
}

function probePod(name: string): Pod {
  const command = ["sleep", "3600"];
  const container = { name: "main", image: BUSYBOX, imagePullPolicy: "IfNotPresent", command };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: PROBE_LABEL },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
}
