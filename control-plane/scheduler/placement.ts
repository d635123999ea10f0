import type { Pod } from "#api/schema/types";
import type { Lister } from "#client/informer";
import type { Binder, BindOutcome, Objection } from "#control-plane/scheduler/binder";
import { CycleMemory, decide, type Decision } from "#control-plane/scheduler/cycle";
import { Advisor } from "#control-plane/scheduler/explain/advisor";
import type { EventRecorder } from "#control-plane/scheduler/event-recorder";
import type { ClusterView, PodToPlace, RoomPlan } from "#control-plane/scheduler/framework";
import type { SchedulerMetrics } from "#control-plane/scheduler/metrics";
import type { PodWriter } from "#control-plane/scheduler/pod-writer";
import { isOvertaken } from "#control-plane/scheduler/pod-writer";
import type { CycleProfile } from "#control-plane/scheduler/profile";
import type { SchedulingQueue } from "#control-plane/scheduler/queue";
import type { Snapshot } from "#control-plane/scheduler/snapshot";
import type { WaitingRoom } from "#control-plane/scheduler/waiting-room";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

type EndAttempt = ReturnType<SchedulerMetrics["attempt"]>;

/** Bindings, reports and evictions under way at once; further decisions wait for one to end. */
const MAX_WRITES = 256;
/** Decisions in one turn of the event loop: whoever else lives in this process gets its turn. */
const MAX_DECISIONS_PER_TURN = 200;

export interface PlacementOptions {
  readonly queue: SchedulingQueue;
  readonly snapshot: Snapshot;
  readonly view: ClusterView;
  readonly profiles: ReadonlyMap<string, CycleProfile>;
  readonly binder: Binder;
  readonly room: WaitingRoom;
  readonly writer: PodWriter;
  readonly recorder: EventRecorder;
  readonly pods: Lister<Pod>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics: SchedulerMetrics;
  readonly onRoundEnd: () => void;
}

/**
 * Takes pods from the queue one after another, decides, and carries out: counts the pod on its node at once
 * (assume) and writes the binding beside the next decisions.
 *
 * Invariants:
 * - A pod whose binding was refused is uncounted before it is tried again; after a lost answer it stays counted
 *   until the informer, or the next attempt, tells where it is.
 * - At most MAX_WRITES writes are under way. A pod that waits for a permit holds none of them.
 */
export class Placement {
  private readonly options: PlacementOptions;
  private readonly memory = new CycleMemory();
  private readonly advisor = new Advisor();
  private readonly writes = new Set<Promise<void>>();
  private readonly waiters = new Set<Promise<void>>();
  private decisionsLeft = MAX_DECISIONS_PER_TURN;
  private isPlanned = false;
  private isStarted = false;
  private isStopped = false;

  constructor(options: PlacementOptions) {
    this.options = options;
  }

  /** Many bindings are under way: more will follow. */
  get isBusy(): boolean {
    return this.writes.size > MAX_WRITES / 8;
  }

  start(): void {
    this.isStarted = true;
    this.plan();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.waiters);
    await Promise.all(this.writes);
  }

  /** One round per turn of the event loop, however many pods became active in it. */
  plan(): void {
    if (this.isPlanned || this.isStopped || !this.isStarted) return;
    this.isPlanned = true;
    const run = (): void => {
      this.isPlanned = false;
      if (!this.isStopped) this.round();
    };
    if (this.decisionsLeft > 0) queueMicrotask(run);
    else {
      this.options.clock.after(0, () => {
        this.decisionsLeft = MAX_DECISIONS_PER_TURN;
        run();
      });
    }
  }

  private round(): void {
    while (this.writes.size < MAX_WRITES) {
      if (this.decisionsLeft === 0) return this.plan();
      const pod = this.options.queue.pop();
      if (!pod) break;
      this.decisionsLeft--;
      this.tryPod(pod);
    }
    this.options.onRoundEnd();
  }

  private tryPod(pod: PodToPlace): void {
    const { profiles, view, rng, queue, metrics } = this.options;
    const profile = profiles.get(pod.profile);
    if (!profile) return queue.remove(pod.key);
    const end = metrics.attempt(profile.name, pod.pod);
    const decision = decide(pod, { view, profile, rng, memory: this.memory });
    if (decision.type === "refuse") {
      end("unschedulable");
      return this.refuse(pod, decision);
    }
    const objection = this.place(pod, decision.nodeName, end);
    if (!objection) return;
    end("unschedulable");
    this.object(pod, objection);
  }

  private place(pod: PodToPlace, nodeName: string, end: EndAttempt): Objection | undefined {
    const { binder, snapshot, queue, room } = this.options;
    const node = snapshot.get(nodeName);
    if (!node) return { plugin: "", message: `node ${nodeName} is gone` };
    const refused = binder.reserve(pod, node);
    if (refused) return refused;
    snapshot.withdrawNomination(pod.key);
    snapshot.assume(pod, nodeName);
    queue.binding(pod.key);
    const waits = binder.permit(pod, node);
    if ("plugin" in waits) {
      this.uncount(pod, nodeName);
      return waits;
    }
    queue.notify({ type: "podPlaced", pod: pod.pod, nodeName });
    if (waits.size === 0) this.begin(() => this.bind(pod, nodeName, end));
    else this.wait(room.enter(pod, nodeName, waits), pod, nodeName, end);
    return undefined;
  }

  private wait(
    permission: Promise<Objection | undefined>,
    pod: PodToPlace,
    nodeName: string,
    end: EndAttempt,
  ): void {
    const waiter = permission.then((objection) => {
      this.waiters.delete(waiter);
      if (this.isStopped) return;
      if (!objection) return this.begin(() => this.bind(pod, nodeName, end));
      end("unschedulable");
      this.uncount(pod, nodeName);
      if (objection.plugin !== "") this.object(pod, objection);
    });
    this.waiters.add(waiter);
  }

  private async bind(pod: PodToPlace, nodeName: string, end: EndAttempt): Promise<void> {
    const { binder, queue, recorder } = this.options;
    const outcome = await binder.bind(pod, nodeName);
    end(outcome.type === "bound" ? "scheduled" : "error", nodeName);
    // Meanwhile the pod is gone, and another one has its name: nothing that is counted now is this one's.
    if (this.isReplaced(pod)) return binder.release(pod, nodeName);
    if (outcome.type === "objected") {
      this.uncount(pod, nodeName);
      return this.object(pod, outcome.objection);
    }
    if (outcome.type !== "bound") return this.afterFailure(pod, nodeName, outcome);
    queue.remove(pod.key);
    const message = `Successfully assigned ${pod.key} to ${nodeName}`;
    recorder.say({ about: pod.pod, type: "Normal", reason: "Scheduled", message });
  }

  private isReplaced({ key, pod }: PodToPlace): boolean {
    const latest = this.options.pods.get(key);
    return latest !== undefined && latest.metadata.uid !== pod.metadata.uid;
  }

  private afterFailure(
    pod: PodToPlace,
    nodeName: string,
    outcome: Exclude<BindOutcome, { type: "bound" | "objected" }>,
  ): void {
    const { binder, pods, queue, snapshot } = this.options;
    const latest = pods.get(pod.key);
    if (latest?.spec.nodeName) {
      // The answer was lost, or another scheduler was faster: the informer has told where the pod is.
      queue.remove(pod.key);
      snapshot.setPod(latest);
    } else {
      if (outcome.type === "failed" || !latest) this.uncount(pod, nodeName);
      else binder.release(pod, nodeName);
      if (latest) queue.failed(pod.key);
      else queue.remove(pod.key);
    }
    if (outcome.type === "failed" && outcome.isOvertaken) return;
    throw outcome.error;
  }

  /** A plugin took its word back after the decision: the pod waits as one that found no node. */
  private object(pod: PodToPlace, { plugin, message }: Objection): void {
    const { queue, writer } = this.options;
    queue.refused(pod.key, new Set(plugin === "" ? [] : [plugin]));
    this.begin(() =>
      writer.reportPending(pod.pod, {
        ...{ reason: "Unschedulable", message },
        nominatedNodeName: undefined,
      }),
    );
  }

  private refuse(pod: PodToPlace, decision: Decision & { type: "refuse" }): void {
    const { message, plugins, room } = decision;
    if (room) this.keepRoom(pod, room);
    this.options.queue.refused(pod.key, plugins);
    const nominatedNodeName = this.options.snapshot.nominatedNode(pod.key)?.name;
    const profile = this.options.profiles.get(pod.profile);
    const advice = () =>
      profile && this.advisor.adviceFor(pod, profile, this.options.view, message);
    this.begin(() =>
      this.report(pod, { reason: "Unschedulable", message, nominatedNodeName, advice }),
    );
  }

  private async report(
    pod: PodToPlace,
    report: Parameters<PodWriter["reportPending"]>[1],
  ): Promise<void> {
    try {
      await this.options.writer.reportPending(pod.pod, report);
    } catch (cause) {
      if (isOvertaken(cause)) return;
      throw new Error(`cannot say on pod ${pod.key} why it is pending`, { cause });
    }
  }

  /** Ends the victims, and keeps their node for the pod; less important pods lose the claim they had on it. */
  private keepRoom(pod: PodToPlace, { nodeName, victims }: RoomPlan): void {
    const { snapshot, room, writer, queue } = this.options;
    snapshot.withdrawNomination(pod.key);
    if (nodeName === undefined) return;
    for (const other of snapshot.get(nodeName)?.nominated ?? []) {
      if (other.priority >= pod.priority) continue;
      snapshot.withdrawNomination(other.key);
      queue.wakeByKey(other.key);
      this.begin(() => writer.clearNomination(other.pod));
    }
    snapshot.nominate(pod.pod, nodeName);
    if (victims.length > 0) this.options.metrics.preempted(victims.length);
    for (const { key, pod: victim } of victims) {
      if (room.has(key)) room.reject(key, "DefaultPreemption", "preempted");
      else this.begin(() => writer.evict(victim, pod.pod, nodeName));
    }
  }

  private uncount(pod: PodToPlace, nodeName: string): void {
    const { binder, snapshot, queue } = this.options;
    binder.release(pod, nodeName);
    snapshot.removePod(pod.key);
    queue.notify({ type: "podGone", pod: pod.pod, nodeName });
  }

  private begin(work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        this.options.log.warn("scheduling write failed", { error: errorChain(error) });
      })
      .finally(() => {
        this.writes.delete(task);
        this.plan();
      });
    this.writes.add(task);
  }
}
