import { namespaceKind } from "#api/kinds/namespace";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Kind } from "#api/machinery/define-kind";
import { type KubeObject, keyOf } from "#api/machinery/meta";
import type { Node, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Informer, InformerChange } from "#client/informer";
import type { Informers } from "#client/shared-informers";
import { createBinder } from "#control-plane/scheduler/binder";
import { EventRecorder } from "#control-plane/scheduler/event-recorder";
import type { ClusterEvent, Plugin } from "#control-plane/scheduler/framework";
import { noMetrics, type SchedulerMetrics } from "#control-plane/scheduler/metrics";
import { Placement } from "#control-plane/scheduler/placement";
import { affectsScheduling, asksAlike, countsAlike } from "#control-plane/scheduler/pod-changes";
import { createPodWriter } from "#control-plane/scheduler/pod-writer";
import { type CycleProfile, cycleProfile, type Profile } from "#control-plane/scheduler/profile";
import { MAX_WAITING, SchedulingQueue } from "#control-plane/scheduler/queue";
import { DEFAULT_PROFILE, toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { SchedulerView } from "#control-plane/scheduler/view";
import { WaitingRoom } from "#control-plane/scheduler/waiting-room";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * Gives each unbound pod a node. Reads pods and nodes from informers and tells snapshot and queue what changed;
 * placement.ts takes pods from the queue, decides (cycle.ts) and carries out.
 *
 * Invariants:
 * - Decisions are made one after another on one snapshot: two pods are never given the same free resources.
 * - All state is rebuilt from the API after a restart: bindings and nominations are written there.
 */
export interface SchedulerOptions {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  /** Of the default profile, in the order of filtering. */
  readonly plugins: readonly Plugin[];
  /** Further profiles: pods name them by spec.schedulerName. */
  readonly profiles?: readonly Profile[];
  /** For the other kinds that plugins watch; without it their listers are empty. */
  readonly informers?: Pick<Informers, "for">;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly metrics?: SchedulerMetrics;
}

export function startScheduler(options: SchedulerOptions): { stop(): Promise<void> } {
  const scheduler = new Scheduler(options);
  scheduler.start();
  return { stop: () => scheduler.stop() };
}

class Scheduler {
  private readonly options: SchedulerOptions;
  private readonly profiles: ReadonlyMap<string, CycleProfile>;
  private readonly plugins: readonly Plugin[];
  private readonly snapshot = new Snapshot();
  private readonly room: WaitingRoom;
  private readonly view: SchedulerView;
  private readonly queue: SchedulingQueue;
  private readonly recorder: EventRecorder;
  private readonly placement: Placement;
  /** Pods were left out because the queue was full. */
  private isOverflowing = false;

  constructor(options: SchedulerOptions) {
    this.options = options;
    const { clock, log, rng, client, pods, plugins } = options;
    const all = [{ name: DEFAULT_PROFILE, plugins }, ...(options.profiles ?? [])];
    this.profiles = new Map(all.map((profile) => [profile.name, cycleProfile(profile)]));
    this.plugins = [
      ...new Map(all.flatMap((one) => one.plugins).map((one) => [one.name, one])).values(),
    ];
    this.room = new WaitingRoom(clock);
    const { snapshot, room } = this;
    this.view = new SchedulerView({
      client,
      snapshot,
      waiting: room,
      clock,
      queue: () => this.queue,
    });
    this.queue = new SchedulingQueue({
      ...{ clock, plugins: this.plugins, view: this.view },
      onActive: () => this.placement.plan(),
    });
    const isBusy = (): boolean => this.placement.isBusy;
    this.recorder = new EventRecorder({ client, clock, rng, log, isBusy });
    const writer = createPodWriter({ client, pods, clock, recorder: this.recorder });
    const pluginsOf = (pod: { readonly profile: string }) =>
      this.profiles.get(pod.profile)?.plugins ?? [];
    this.placement = new Placement({
      ...{ clock, log, rng, pods, snapshot, room, writer, recorder: this.recorder },
      ...{ view: this.view, queue: this.queue, profiles: this.profiles },
      metrics: options.metrics ?? noMetrics,
      binder: createBinder({ pluginsOf, view: this.view, writer }),
      onRoundEnd: () => this.offerLeftOut(),
    });
  }

  start(): void {
    const { nodes, pods, metrics } = this.options;
    metrics?.readQueue(() => this.queue.counts());
    const watched = this.watchOthers();
    nodes.onChange((change) => this.onNode(change));
    pods.onChange((change) => this.onPod(change));
    Promise.all([nodes.synced, pods.synced, ...watched]).then(
      () => this.placement.start(),
      // The informers were stopped before their first list: there is nothing to schedule.
      () => this.queue.close(),
    );
  }

  /** Resolves when no write is under way any more. */
  async stop(): Promise<void> {
    this.options.metrics?.readQueue(undefined);
    this.queue.close();
    this.room.close();
    this.view.close();
    await this.placement.stop();
    await this.recorder.stop();
  }

  private watchOthers(): Promise<void>[] {
    const { informers } = this.options;
    if (!informers) return [];
    const kinds = new Set<Kind>(this.plugins.flatMap(({ watches }) => watches ?? []));
    return [...kinds].map((kind) => {
      const informer = informers.for(kind);
      this.view.watch(kind, informer);
      informer.onChange(({ previous, current }) => {
        this.view.changed(kind);
        if (kind.kind === namespaceKind.kind) this.onNamespace(previous, current);
        this.notify({ type: "objectChanged", kind: kind.kind, previous, current });
      });
      return informer.synced;
    });
  }

  private onNamespace(previous: KubeObject | undefined, current: KubeObject | undefined): void {
    const { metadata } = current ?? previous ?? {};
    if (!metadata) return;
    const labels = current && (metadata.labels ?? {});
    this.snapshot.topology.setNamespace(metadata.name, labels);
  }

  private onNode({ previous, current }: InformerChange<Node>): void {
    if (!current) {
      if (!previous) return;
      this.snapshot.removeNode(previous.metadata.name);
      this.notify({ type: "nodeGone", node: previous });
      return;
    }
    const known = this.snapshot.get(current.metadata.name)?.node;
    if (known && !affectsScheduling(known, current)) {
      this.snapshot.refreshNode(current);
      return;
    }
    this.snapshot.setNode(current);
    if (known) this.notify({ type: "nodeChanged", previous: known, node: current });
    else this.notify({ type: "nodeAdded", node: current });
  }

  private onPod({ previous, current }: InformerChange<Pod>): void {
    if (previous && current && previous.metadata.uid !== current.metadata.uid) {
      // Another pod of the same name: what was decided for the former one is void.
      this.onGone(previous);
      this.onPod({ previous: undefined, current });
    } else if (!current) {
      if (previous) this.onGone(previous);
    } else if (isPodTerminal(current)) this.onGone(current);
    else if (current.spec.nodeName) this.onPlaced(current, current.spec.nodeName);
    else if (this.isOurs(current)) this.onPending(previous, current);
    else this.onGone(current);
  }

  /** The pod ended, was deleted, or is not ours to place. */
  private onGone(pod: Pod): void {
    const key = keyOf(pod);
    if (this.queue.has(key)) {
      this.queue.remove(key);
      this.notify({ type: "podUnqueued", pod });
    }
    this.room.reject(key, "", "the pod is gone");
    const kept = this.snapshot.withdrawNomination(key);
    const nodeName = this.snapshot.removePod(key) ?? kept;
    if (nodeName) this.notify({ type: "podGone", pod, nodeName });
  }

  private onPlaced(pod: Pod, nodeName: string): void {
    const key = keyOf(pod);
    this.queue.remove(key);
    this.snapshot.withdrawNomination(key);
    const counted = this.snapshot.placed(key);
    if (counted && countsAlike(counted.pod, pod)) {
      this.snapshot.refreshPod(pod);
      return;
    }
    const previous = counted?.pod;
    this.snapshot.setPod(pod);
    if (!previous) this.notify({ type: "podPlaced", pod, nodeName });
    else if (previous.spec.nodeName === nodeName)
      this.notify({ type: "podChanged", previous, pod });
    else {
      this.notify({ type: "podGone", pod: previous, nodeName: previous.spec.nodeName ?? "" });
      this.notify({ type: "podPlaced", pod, nodeName });
    }
  }

  private onPending(previous: Pod | undefined, current: Pod): void {
    const nominated = current.status?.nominatedNodeName;
    if (!previous && nominated) this.snapshot.nominate(current, nominated);
    if (previous && asksAlike(previous, current)) return;
    if (!this.queue.add(toPlace(current))) this.isOverflowing = true;
    else if (!previous) this.notify({ type: "podQueued", pod: current });
  }

  private isOurs({ metadata, spec }: Pod): boolean {
    return !metadata.deletionTimestamp && this.profiles.has(spec.schedulerName || DEFAULT_PROFILE);
  }

  private notify(event: ClusterEvent): void {
    this.queue.notify(event);
  }

  private offerLeftOut(): void {
    if (!this.isOverflowing || this.queue.size > MAX_WAITING / 2) return;
    this.isOverflowing = false;
    for (const pod of this.options.pods.list()) {
      const isPending = !pod.spec.nodeName && !isPodTerminal(pod) && this.isOurs(pod);
      if (isPending && !this.queue.has(keyOf(pod)) && !this.queue.add(toPlace(pod))) {
        this.isOverflowing = true;
        return;
      }
    }
  }
}
