import { configMapKind } from "#api/kinds/config-map";
import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Node, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import type { Informer } from "#client/informer";
import type { Informers } from "#client/shared-informers";
import { type Move, planMoves } from "#control-plane/scheduler/rebalance/plan";
import {
  REBALANCER_CONFIG,
  rebalanceSettings,
  type RebalanceSettings,
} from "#control-plane/scheduler/rebalance/settings";
import type { Cancel, Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Moves pods from overfull to underfull nodes by evicting them, a few per minute, while the ConfigMap
 * kube-system/kaji-rebalancer says `enabled: "true"`. Off by default; off, it costs one watch of that one object.
 *
 * Invariants:
 * - Pods leave by the eviction API alone: disruption budgets are the API server's to keep.
 * - No more than `evictionsPerMinute` per minute, and one round at a time.
 */
export interface RebalancerOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

const ROUND_MS = 60_000;

export function startRebalancer(options: RebalancerOptions): { stop(): Promise<void> } {
  const { informers, clock, log } = options;
  const { namespace, name } = REBALANCER_CONFIG;
  const config = informers.for(configMapKind, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  let settings: RebalanceSettings | undefined;
  let cancel: Cancel | undefined;
  let round: Promise<void> = Promise.resolve();
  let isStopped = false;

  const plan = (): void => {
    cancel?.();
    cancel = settings && !isStopped ? clock.after(ROUND_MS, begin) : undefined;
  };
  const begin = (): void => {
    const now = settings;
    if (!now) return;
    round = rebalance(options, now)
      .catch((error: unknown) => {
        log.warn("rebalancing failed", { error: errorChain(error) });
      })
      .finally(plan);
  };
  config.onChange(({ current }) => {
    const next = current && rebalanceSettings(current);
    const wasOn = settings !== undefined;
    settings = next;
    if (!next || !wasOn) plan();
  });
  return {
    async stop() {
      isStopped = true;
      settings = undefined;
      cancel?.();
      await round;
    },
  };
}

async function rebalance(options: RebalancerOptions, settings: RebalanceSettings): Promise<void> {
  const { nodes, pods } = options;
  const moves = planMoves(nodes.list(), pods.list(), settings, settings.evictionsPerMinute);
  for (const move of moves) await evict(options, move, settings);
}

/** A budget that allows no disruption now, or a pod that is gone, is no failure: another minute, another plan. */
async function evict(
  { client, clock, rng }: RebalancerOptions,
  { pod, from, fromPercent, to }: Move,
  { highPercent }: RebalanceSettings,
): Promise<void> {
  const { name, namespace = "default", uid } = pod.metadata;
  try {
    await client.createSubresource(
      podKind,
      { name, namespace, subresource: "eviction" },
      {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
        deleteOptions: { preconditions: { uid } },
      },
    );
  } catch (error) {
    if (error instanceof StatusError && [404, 409, 429].includes(error.code)) return;
    throw new Error(`cannot evict pod ${namespace}/${name} to rebalance node ${from}`, {
      cause: error,
    });
  }
  const message = `Evicted from node ${from}: ${Math.round(fromPercent)} % of it is requested, more than ${highPercent} %; node ${to} has room`;
  await client.create(
    eventKind,
    newEvent({
      about: pod,
      type: "Normal",
      reason: "Rebalanced",
      message,
      component: "kaji-rebalancer",
      nowMs: clock.now(),
      rng,
    }),
  );
}
