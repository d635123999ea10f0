import { eventKind } from "#api/kinds/event";
import { podKind } from "#api/kinds/pod";
import { isPodTerminal, podRequests } from "#api/kinds/pod-status";
import { keyOf } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Node, Pod } from "#api/schema/types";
import { newEvent } from "#client/events";
import type { Client } from "#client/client";
import type { Informer, InformerChange } from "#client/informer";
import { decide } from "#control-plane/scheduler/cycle";
import type { Plugin, PodToPlace } from "#control-plane/scheduler/framework";
import { SchedulingQueue } from "#control-plane/scheduler/queue";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { type Clock, toTime } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Gives each unbound pod a node. Reads pods and nodes from informers, decides on a snapshot (cycle.ts), counts
 * the pod there at once (assume) and writes the binding; when the write fails the pod is uncounted and tried again.
 *
 * Invariants:
 * - Decisions are made one after another on one snapshot: two pods are never given the same free resources.
 * - All state is rebuilt from the API after a restart; a binding is the only thing that lasts.
 */
export interface SchedulerOptions {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly plugins: readonly Plugin[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly schedulerName?: string;
}

/** Bindings and reports under way at once; further decisions wait for one to end. */
const MAX_WRITES = 64;

export function startScheduler(options: SchedulerOptions): { stop(): Promise<void> } {
  const scheduler = new Scheduler(options);
  scheduler.start();
  return { stop: () => scheduler.stop() };
}

class Scheduler {
  private readonly options: SchedulerOptions;
  private readonly snapshot = new Snapshot();
  private readonly queue: SchedulingQueue;
  /** Bindings and reports under way. */
  private readonly writes = new Set<Promise<void>>();
  private isSynced = false;
  private isRoundPlanned = false;
  private isStopped = false;

  constructor(options: SchedulerOptions) {
    this.options = options;
    this.queue = new SchedulingQueue(options.clock, options.plugins, () => this.planRound());
  }

  start(): void {
    const { nodes, pods } = this.options;
    nodes.onChange((change) => this.onNode(change));
    pods.onChange((change) => this.onPod(change));
    Promise.all([nodes.synced, pods.synced]).then(
      () => {
        this.isSynced = true;
        this.planRound();
      },
      // The informers were stopped before their first list: there is nothing to schedule.
      () => this.queue.close(),
    );
  }

  /** Resolves when no write is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.queue.close();
    await Promise.all(this.writes);
  }

  private onNode({ previous, current }: InformerChange<Node>): void {
    if (!current) {
      if (previous) this.snapshot.removeNode(previous.metadata.name);
      return;
    }
    const isNew = this.snapshot.get(current.metadata.name) === undefined;
    this.snapshot.setNode(current);
    const isNews = isNew || !previous || affectsScheduling(previous, current);
    if (isNews) this.queue.notify({ type: isNew ? "nodeAdded" : "nodeChanged", node: current });
  }

  private onPod({ previous, current }: InformerChange<Pod>): void {
    const pod = current ?? previous;
    if (!pod) return;
    const key = keyOf(pod);
    if (previous && current && previous.metadata.uid !== current.metadata.uid) {
      // Another pod of the same name: what was decided for the former one is void.
      this.onPod({ previous, current: undefined });
      this.onPod({ previous: undefined, current });
    } else if (!current || isPodTerminal(current)) {
      this.queue.remove(key);
      const nodeName = this.snapshot.removePod(key);
      if (nodeName) this.queue.notify({ type: "podGone", nodeName });
    } else if (current.spec.nodeName) {
      this.queue.remove(key);
      this.snapshot.setPod(current);
    } else if (!this.isOurs(current)) {
      this.queue.remove(key);
    } else if (!previous || previous.metadata.generation !== current.metadata.generation) {
      this.queue.add(toPlace(current));
    }
  }

  private isOurs(pod: Pod): boolean {
    const isGated = (pod.spec.schedulingGates ?? []).length > 0;
    const name = this.options.schedulerName ?? "default-scheduler";
    return !isGated && !pod.metadata.deletionTimestamp && (pod.spec.schedulerName ?? name) === name;
  }

  /** One round per turn of the event loop, however many pods became active in it. */
  private planRound(): void {
    if (this.isRoundPlanned || this.isStopped || !this.isSynced) return;
    this.isRoundPlanned = true;
    queueMicrotask(() => {
      this.isRoundPlanned = false;
      if (!this.isStopped && this.writes.size < MAX_WRITES) this.round();
    });
  }

  private round(): void {
    for (const pod of this.queue.takeActive()) {
      if (this.writes.size >= MAX_WRITES) return;
      const decision = decide(pod, this.snapshot.nodes, this.options.plugins, this.options.rng);
      if (decision.type === "place") this.begin(() => this.bind(pod, decision.nodeName));
      else {
        this.queue.refused(pod.key, decision.plugins);
        this.begin(() => this.report(pod.pod, decision.message));
      }
    }
  }

  private begin(work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        this.options.log.warn("scheduling write failed", { error: errorChain(error) });
      })
      .finally(() => {
        this.writes.delete(task);
        this.planRound();
      });
    this.writes.add(task);
  }

  private async bind(place: PodToPlace, nodeName: string): Promise<void> {
    const { pod, key } = place;
    const { name, namespace = "default", uid } = pod.metadata;
    this.queue.remove(key);
    this.snapshot.setPod({ ...pod, spec: { ...pod.spec, nodeName } });
    try {
      await this.options.client.createSubresource(
        podKind,
        { name, namespace, subresource: "binding" },
        {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name, namespace, uid },
          target: { apiVersion: "v1", kind: "Node", name: nodeName },
        },
      );
    } catch (error) {
      if (error instanceof StatusError) this.snapshot.removePod(key);
      this.afterFailedBind(place);
      if (isOvertaken(error)) return;
      throw new Error(`cannot bind pod ${key} to node ${nodeName}`, { cause: error });
    }
    await this.event(pod, "Normal", "Scheduled", `Successfully assigned ${key} to ${nodeName}`);
  }

  /**
   * A refusal leaves the pod unbound, and it was uncounted at once. After a lost answer it may be bound: it
   * stays counted until the informer, or the next attempt, tells where it is.
   */
  private afterFailedBind({ key }: PodToPlace): void {
    const latest = this.options.pods.get(key);
    if (latest?.spec.nodeName) this.snapshot.setPod(latest);
    else if (!latest) this.snapshot.removePod(key);
    else if (this.isOurs(latest)) this.queue.failed(toPlace(latest));
  }

  /** Says on the pod why it is pending, when that is not what it says already. */
  private async report(pod: Pod, message: string): Promise<void> {
    const known = this.options.pods.get(keyOf(pod))?.status?.conditions;
    const said = known?.find(({ type }) => type === "PodScheduled");
    if (said?.status === "False" && said.message === message) return;
    const { name, namespace = "default", uid } = pod.metadata;
    const condition = {
      ...{ type: "PodScheduled", status: "False", reason: "Unschedulable", message },
      lastProbeTime: null,
      lastTransitionTime:
        said?.status === "False" ? said.lastTransitionTime : toTime(this.options.clock.now()),
    };
    try {
      await this.options.client.patch(
        podKind,
        { name, namespace, subresource: "status" },
        { type: "strategic", body: { metadata: { uid }, status: { conditions: [condition] } } },
      );
    } catch (error) {
      if (isOvertaken(error)) return;
      throw new Error(`cannot say on pod ${keyOf(pod)} why it is pending`, { cause: error });
    }
    await this.event(pod, "Warning", "FailedScheduling", message);
  }

  private async event(
    pod: Pod,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
  ): Promise<void> {
    const event = newEvent({
      about: pod,
      type,
      reason,
      message,
      component: "default-scheduler",
      nowMs: this.options.clock.now(),
      rng: this.options.rng,
    });
    try {
      await this.options.client.create(eventKind, event);
    } catch (error) {
      // The namespace is going: nobody will read it there.
      if (!isOvertaken(error) && !(error instanceof StatusError && error.code === 403)) throw error;
    }
  }
}

/** The pod is gone, or somebody else was faster: the informer tells the rest. */
function isOvertaken(error: unknown): boolean {
  return error instanceof StatusError && (error.code === 404 || error.code === 409);
}

function toPlace(pod: Pod): PodToPlace {
  return { key: keyOf(pod), pod, priority: pod.spec.priority ?? 0, requests: podRequests(pod) };
}

/** Heartbeats and images change a node all the time; these are what filters read. */
function affectsScheduling(previous: Node, current: Node): boolean {
  const read = (node: Node): string =>
    JSON.stringify([
      node.spec.unschedulable,
      node.spec.taints,
      node.metadata.labels,
      node.status?.allocatable,
    ]);
  return read(previous) !== read(current);
}
