import { setMaxListeners } from "node:events";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import type { Client } from "#client/client";
import { createInformers, type Informers } from "#client/shared-informers";
import type { ControllerSettings } from "#control-plane/controllers/settings";
import { startControllers } from "#control-plane/controllers/start";
import type { ControllersObserving } from "#control-plane/controllers/runner";
import type { EarlierSightings } from "#control-plane/controllers/sightings";
import type { SchedulerMetrics } from "#control-plane/scheduler/metrics";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { profiles } from "#control-plane/scheduler/profiles";
import { startRebalancer } from "#control-plane/scheduler/rebalance/rebalancer";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import type { Duty } from "#control-plane/servers/elected-duty";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

export interface DutyOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly controllerSettings: ControllerSettings;
  /** Of the nodes' leases, by this process, whoever leads. */
  readonly earlierLeases: EarlierSightings;
  readonly metrics?: SchedulerMetrics;
  readonly observing?: ControllersObserving | undefined;
}

/** Their leases, as Kubernetes calls them. */
export const DUTIES = ["kube-scheduler", "kube-controller-manager"] as const;

/**
 * What at most one server of a cluster does at a time. Each term has informers of its own, which begin after the
 * fence of the term is up: they show everything that earlier leaders wrote.
 */
export function clusterDuties(options: DutyOptions): readonly Duty[] {
  return [
    {
      lease: DUTIES[0],
      perform: (client, signal) =>
        withInformers(options, client, signal, (informers) =>
          runScheduler(options, client, informers, signal),
        ),
    },
    {
      lease: DUTIES[1],
      perform: (client, signal) =>
        withInformers(options, client, signal, (informers) =>
          startControllers({
            ...options,
            ...{ client, informers, signal },
            settings: options.controllerSettings,
          }),
        ),
    },
  ];
}

/** Schedules until the signal aborts. */
export async function runScheduler(
  options: Pick<DutyOptions, "clock" | "rng" | "log" | "metrics">,
  client: Client,
  informers: Informers,
  signal: AbortSignal,
): Promise<void> {
  const pods = informers.for(podKind);
  const nodes = informers.for(nodeKind);
  const common = { ...options, client, informers, pods, nodes };
  const scheduler = startScheduler({ ...common, plugins, profiles });
  const rebalancer = startRebalancer(common);
  await aborted(signal);
  await rebalancer.stop();
  await scheduler.stop();
}

async function withInformers(
  options: DutyOptions,
  client: Client,
  signal: AbortSignal,
  work: (informers: Informers) => Promise<void>,
): Promise<void> {
  setMaxListeners(0, signal);
  const informers = createInformers(client, { ...options, signal });
  await work(informers);
  await informers.stopped();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
