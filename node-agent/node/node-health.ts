import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import type { Locations } from "#kit/locations";
import { type EvictionMonitor, startEvictionMonitor } from "#node-agent/eviction/monitor";
import { reclaimDisk } from "#node-agent/eviction/reclaim-disk";
import { observeSignals } from "#node-agent/eviction/signals";
import type { PressureCondition } from "#node-agent/eviction/thresholds";
import { measurePods } from "#node-agent/eviction/usage";
import type { HostFacts } from "#node-agent/node/host-facts";
import type { NodeConfig } from "#node-agent/node/node-config";
import type { NodeReporter } from "#node-agent/node/node-reporter";
import { endAllPods, shutdownRefusal } from "#node-agent/node/shutdown";
import { readShutdown, watchShutdown, writeShutdown } from "#node-agent/node/shutdown-request";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import type { PodEnd } from "#node-agent/pod/pod-end";
import type { PodSet } from "#node-agent/pods";

/**
 * What may end pods that nobody deleted: pressure on the node, and the machine's own end. Owns the eviction
 * monitor and whether the node is shutting down.
 */
export interface NodeHealth {
  pressure(): ReadonlySet<PressureCondition>;
  refusal(pod: Pod): PodEnd | undefined;
  /** Caller must: call it once, when pods and reporter are there. */
  start(parts: { readonly pods: PodSet; readonly reporter: NodeReporter }): Promise<void>;
  close(): Promise<void>;
}

export interface NodeHealthOptions {
  readonly context: NodeContext;
  readonly host: HostFacts;
  readonly locations: Locations;
  readonly config: NodeConfig;
}

export function createNodeHealth(options: NodeHealthOptions): NodeHealth {
  const { context, locations, host } = options;
  const { log } = context;
  const stop = new AbortController();
  let monitor: EvictionMonitor | undefined;
  let ending: { readonly scope: AbortController; readonly done: Promise<void> } | undefined;
  let unwatch = (): void => undefined;

  const shutDown = async (pods: PodSet, signal: AbortSignal): Promise<void> => {
    const { clock } = context;
    const end = (pod: Pod, why: PodEnd): boolean => pods.end(uidOf(pod), why);
    await endAllPods({ config: options.config.shutdown, clock, log, signal, pods: pods.list, end });
    if (!signal.aborted) await writeShutdown(locations.run, host.bootId, "done");
    log.info("every pod of this node has ended: the machine may go");
  };
  const follow = async (parts: { pods: PodSet; reporter: NodeReporter }): Promise<void> => {
    const state = await readShutdown(locations.run, host.bootId);
    if (state !== undefined && !ending) {
      log.info("the machine goes: ending all pods");
      const scope = new AbortController();
      ending = { scope, done: Promise.resolve() };
      await parts.reporter.setShuttingDown(true);
      ending = { scope, done: shutDown(parts.pods, scope.signal) };
      await ending.done;
    } else if (state === undefined && ending) {
      log.info("the machine stays after all");
      ending.scope.abort();
      ending = undefined;
      await parts.reporter.setShuttingDown(false);
    }
  };
  return {
    pressure: () => monitor?.conditions() ?? new Set(),
    refusal: (pod) => (ending ? shutdownRefusal : monitor?.refusal(pod)),
    async start(parts) {
      monitor = startMonitor(options, parts);
      const look = (): void => {
        follow(parts).catch((error: unknown) => log.error("the node's end failed", { error }));
      };
      unwatch = watchShutdown(locations.run, look);
      look();
    },
    async close() {
      unwatch();
      stop.abort();
      ending?.scope.abort();
      await Promise.all([monitor?.close(), ending?.done]);
    },
  };
}

function startMonitor(
  { context, host, locations, config }: NodeHealthOptions,
  { pods, reporter }: { readonly pods: PodSet; readonly reporter: NodeReporter },
): EvictionMonitor {
  const { clock, log, events } = context;
  const paths = { nodeFs: locations.lib, imageFs: join(locations.lib, "images") };
  return startEvictionMonitor({
    thresholds: config.thresholds,
    transitionMs: config.pressureTransitionMs,
    maxPodGraceMs: config.evictionMaxPodGraceMs,
    clock,
    log,
    observe: () => observeSignals({ memoryBytes: host.memoryBytes, ...paths }),
    measure: (wanted, how) => measurePods(context, wanted, how),
    pods: pods.list,
    end(pod, end) {
      events.pod(pod, { type: "Warning", reason: end.reason, message: end.message });
      pods.end(uidOf(pod), end);
    },
    async reclaimDisk() {
      await reclaimDisk(context, pods.list());
      log.info("freed what no pod uses");
    },
    onConditions() {
      reporter
        .refresh()
        .catch((error: unknown) => log.warn("the node's status could not be reported", { error }));
    },
    say: (reason, message) => events.node({ type: "Warning", reason, message }),
  });
}
