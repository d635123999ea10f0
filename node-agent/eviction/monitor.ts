import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import { refusalUnderPressure } from "#node-agent/eviction/admission";
import { hasStorageLimit, storageExcess } from "#node-agent/eviction/local-storage";
import { evictionMessage } from "#node-agent/eviction/messages";
import {
  isMemoryNear,
  isMet,
  judgePressure,
  noHistory,
  type Observations,
  type Pressure,
} from "#node-agent/eviction/pressure";
import { isCritical, rankForEviction } from "#node-agent/eviction/rank";
import {
  conditionOf,
  type PressureCondition,
  resourceOf,
  type Threshold,
} from "#node-agent/eviction/thresholds";
import type { MeasuredPod } from "#node-agent/eviction/usage";
import type { PodEnd } from "#node-agent/pod/pod-end";
import type { PodOnNode } from "#node-agent/pods";
import type { Pod } from "#api/schema/types";

/**
 * Keeps the node alive: looks every 10 s at what is left of memory, disk and processes, and when too little is,
 * frees what nobody uses, and then ends pods, one at a time. Owns the history of the thresholds.
 *
 * Invariants: a pod is ended only while a threshold is met that has been met for its grace, or for its own excess;
 * never a critical one; after one pod's end everything is measured anew.
 */
export interface EvictionMonitor {
  conditions(): ReadonlySet<PressureCondition>;
  /** Why a pod that comes now may not begin. */
  refusal(pod: Pod): PodEnd | undefined;
  close(): Promise<void>;
}

export interface EvictionOptions {
  readonly thresholds: readonly Threshold[];
  /** How long a condition stays after its last cause. */
  readonly transitionMs: number;
  /** Grace of pods evicted for a soft threshold, at most. */
  readonly maxPodGraceMs: number;
  readonly clock: Clock;
  readonly log: Log;
  observe(): Promise<Observations>;
  measure(pods: readonly Pod[], options: { walksDisk: boolean }): Promise<readonly MeasuredPod[]>;
  pods(): readonly PodOnNode[];
  end(pod: Pod, end: PodEnd): void;
  /** Gives back disk that no pod needs: images and containers that have ended. */
  reclaimDisk(): Promise<void>;
  /** The set of conditions is another one. */
  onConditions(): void;
  /** An event about the node. */
  say(reason: string, message: string): void;
}

const periodMs = 10_000;
/** Memory can be gone within seconds: near its threshold the node is not idle, and looks more often. */
const nearPeriodMs = 1_000;
/** A pod that has not ended by then is not waited for: the next look decides anew. */
const endTimeoutMs = 30_000;
const endPollMs = 500;
/** Measuring disks takes at most a twentieth of the time. */
const diskPauseFactor = 20;

export function startEvictionMonitor(options: EvictionOptions): EvictionMonitor {
  const monitor = new Monitor(options);
  const running = monitor.run();
  return {
    conditions: () => monitor.pressure.conditions,
    refusal: (pod) => refusalUnderPressure(pod, monitor.pressure.conditions),
    async close() {
      monitor.stop.abort();
      await running;
    },
  };
}

class Monitor {
  readonly stop = new AbortController();
  pressure: Pressure = { conditions: new Set(), due: [], history: noHistory };
  private readonly options: EvictionOptions;
  private nextDiskLookMs = 0;
  private diskLooks = 0;
  private isNear = false;
  private complainedOf: Threshold | undefined;

  constructor(options: EvictionOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { clock, log } = this.options;
    while (!this.stop.signal.aborted) {
      const hasEnded = await this.look().catch((error: unknown) => {
        log.warn("the node's resources could not be looked at", { error });
        return false;
      });
      if (hasEnded) continue;
      await sleep(clock, this.isNear ? nearPeriodMs : periodMs, this.stop.signal);
    }
  }

  /** True: a pod has ended, so look again at once. */
  private async look(): Promise<boolean> {
    const { clock, thresholds, transitionMs } = this.options;
    const observations = await this.options.observe();
    this.isNear = isMemoryNear(thresholds, observations);
    const before = this.pressure;
    const nowMs = clock.now();
    const { history } = before;
    this.pressure = judgePressure({ thresholds, observations, history, transitionMs, nowMs });
    if (!isSameSet(before.conditions, this.pressure.conditions)) this.options.onConditions();
    if (await this.evictForExcess()) return true;
    const [threshold] = this.pressure.due;
    if (!threshold) return false;
    const message = `Attempting to reclaim ${resourceOf[threshold.signal]}`;
    this.options.say("EvictionThresholdMet", message);
    if (conditionOf(threshold.signal) === "DiskPressure" && (await this.hasReclaimed(threshold))) {
      return false;
    }
    return this.evictFor(threshold, observations);
  }

  private async hasReclaimed(threshold: Threshold): Promise<boolean> {
    await this.options.reclaimDisk();
    return !isMet(threshold, await this.options.observe(), { withReclaim: true });
  }

  private async evictFor(threshold: Threshold, observations: Observations): Promise<boolean> {
    const walksDisk = conditionOf(threshold.signal) === "DiskPressure";
    const usages = await this.options.measure(this.active(), { walksDisk });
    const [worst] = rankForEviction(usages, threshold.signal);
    if (!worst) return this.complainOnce(threshold);
    this.complainedOf = undefined;
    const message = evictionMessage(threshold, worst, observations);
    const ownMs = (worst.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const graceMs = threshold.graceMs === 0 ? 0 : Math.min(ownMs, this.options.maxPodGraceMs);
    return this.evict(worst.pod, message, graceMs);
  }

  private complainOnce(threshold: Threshold): false {
    if (this.complainedOf === threshold) return false;
    this.complainedOf = threshold;
    const resource = resourceOf[threshold.signal];
    this.options.log.warn("no pod can be evicted to free what the node lacks", { resource });
    return false;
  }

  /** Pods beyond their own limits of local storage; all of them, for they are no cure for others. */
  private async evictForExcess(): Promise<boolean> {
    const { clock, measure } = this.options;
    const startedMs = clock.now();
    const limited = this.active().filter((pod) => hasStorageLimit(pod) && !isCritical(pod));
    if (limited.length === 0 || startedMs < this.nextDiskLookMs) return false;
    // Another one is first each time: a round may end before it has seen all.
    const first = this.diskLooks++ % limited.length;
    const inTurn = [...limited.slice(first), ...limited.slice(0, first)];
    const usages = await measure(inTurn, { walksDisk: true });
    this.nextDiskLookMs = clock.now() + (clock.now() - startedMs) * diskPauseFactor;
    let hasEvicted = false;
    for (const { pod, storage } of usages) {
      const message = storageExcess(pod, storage);
      if (message) hasEvicted = (await this.evict(pod, message, 0)) || hasEvicted;
    }
    return hasEvicted;
  }

  private active(): Pod[] {
    return this.options.pods().flatMap((one) => (one.isEnding || one.isOver ? [] : [one.pod]));
  }

  /** True when it has ended in time. */
  private async evict(pod: Pod, message: string, graceMs: number): Promise<boolean> {
    const { clock, log } = this.options;
    const { name, namespace, uid } = pod.metadata;
    log.warn("evicting a pod", { pod: `${namespace}/${name}`, why: message });
    this.options.end(pod, { reason: "Evicted", message, isDisruption: true, graceMs });
    const deadlineMs = clock.now() + graceMs + endTimeoutMs;
    while (clock.now() < deadlineMs && !this.stop.signal.aborted) {
      const found = this.options.pods().find((one) => one.uid === uid);
      if (!found || found.isOver) return true;
      await sleep(clock, endPollMs, this.stop.signal);
    }
    return false;
  }
}

function isSameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
