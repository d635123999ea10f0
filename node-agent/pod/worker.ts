import { sleep } from "#kit/clock";
import type { Pod, PodCondition, PodStatus } from "#api/schema/types";
import { execToEnd } from "#node-agent/container/exec";
import type { NodeContext } from "#node-agent/node-context";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { actionKey, type PodAction, type PodPlan } from "#node-agent/pod/actions";
import { createNotes, factsOf, observe, type PodNotes } from "#node-agent/pod/notes";
import { perform } from "#node-agent/pod/perform";
import type { PodEnd } from "#node-agent/pod/pod-end";
import { planPod } from "#node-agent/pod/plan";
import { rejectionOf } from "#node-agent/pod/rejection";
import { nextStage } from "#node-agent/pod/stage";
import { deadlineExceeded, podStatus } from "#node-agent/pod/status";
import { isAtLeast } from "#node-agent/pod/transitions";
import { allSpecs, isEphemeral, type PodView } from "#node-agent/pod/view";
import {
  createPodProbes,
  type PodProbes,
  type ProbedContainer,
} from "#node-agent/probes/pod-probes";
import { createVolumeRefresh, differsForDownwardApi } from "#node-agent/pod/volume-refresh";

/**
 * Drives one pod on this node: observe, decide (planPod), start the actions, report, wait to be woken. Owns the
 * pod's notes and probes. Long actions (pulls, grace periods) run beside the loop, one per key.
 *
 * Invariants: nothing is decided from an event, only from what is observed after it; a worker that is dropped at
 * any point and made anew continues without restarting a container.
 */
export interface PodWorker {
  readonly uid: string;
  /** The newest desired pod. */
  update(pod: Pod): void;
  /** No longer this node's: ends without grace. */
  remove(): void;
  /** Ends here, although nobody has deleted it: the first end counts, and a shorter grace. */
  end(end: PodEnd): void;
  readonly pod: Pod;
  /** Nothing of it runs any more, or will. */
  readonly isOver: boolean;
  /** Somebody has asked for its end. */
  readonly isEnding: boolean;
  /** Something in the runtime or on the node has changed. */
  wake(): void;
  /** A ConfigMap, Secret or token has changed: volumes are brought up to date, failures tried again. */
  objectsChanged(): void;
  /** Resolves when nothing of the pod is left, or after `detach`. */
  readonly ended: Promise<void>;
  /** Stops looking after the pod; its containers stay. */
  detach(): Promise<void>;
}

export interface PodReports {
  status(pod: Pod, status: PodStatus): void;
  gone(pod: Pod): void;
}

/** After an action that must be repeated failed, and as a bound on how long anything can go unnoticed. */
const retryMs = 2_000;
const resyncMs = 60_000;

export function startPodWorker(context: NodeContext, pod: Pod, reports: PodReports): PodWorker {
  return new Worker(context, pod, reports);
}

class Worker implements PodWorker {
  readonly uid: string;
  readonly ended: Promise<void>;
  private readonly context: NodeContext;
  private readonly reports: PodReports;
  private readonly notes: PodNotes;
  private readonly probes: PodProbes;
  private readonly refreshVolumes: () => Promise<void>;
  private readonly startScope = new AbortController();
  private readonly detached = new AbortController();
  private isWoken = false;
  private wakeUp: (() => void) | undefined;
  private podIp = "";
  private readonly begunMs = performance.now();
  private lastTurn: Promise<void> = Promise.resolve();

  constructor(context: NodeContext, pod: Pod, reports: PodReports) {
    this.context = context;
    this.reports = reports;
    this.uid = uidOf(pod);
    this.notes = createNotes(pod, context.clock.now());
    this.probes = this.createProbes();
    this.refreshVolumes = createVolumeRefresh(context, this.notes, () => this.podIp);
    this.ended = this.run();
  }

  update(pod: Pod): void {
    const isOther = differsForDownwardApi(pod, this.notes.pod);
    this.notes.pod = pod;
    if (isOther) this.refreshMounted();
    this.wake();
  }

  remove(): void {
    this.notes.isRemoved = true;
    this.wake();
  }

  end(end: PodEnd): void {
    const { notes } = this;
    if (!notes.end) notes.end = end;
    else if (end.graceMs < notes.end.graceMs) notes.end = { ...notes.end, graceMs: end.graceMs };
    this.wake();
  }

  get pod(): Pod {
    return this.notes.pod;
  }

  get isEnding(): boolean {
    const { pod, isRemoved, end } = this.notes;
    return isRemoved || end !== undefined || pod.metadata.deletionTimestamp !== undefined;
  }

  get isOver(): boolean {
    return isAtLeast(this.notes.stage, "finished");
  }

  wake(): void {
    this.isWoken = true;
    this.wakeUp?.();
  }

  objectsChanged(): void {
    const { notes } = this;
    const retryAtMs = this.context.clock.now();
    notes.startFailures.forEach((failure, name) => {
      if (failure.reason === "ErrImagePull") return;
      notes.startFailures.set(name, { ...failure, retryAtMs });
    });
    if (notes.volumes.state === "failed") notes.volumes = { state: "unmounted" };
    else this.refreshMounted();
    this.wake();
  }

  async detach(): Promise<void> {
    this.detached.abort();
    this.wake();
    await this.ended;
  }

  private async run(): Promise<void> {
    try {
      while (!this.detached.signal.aborted) {
        this.isWoken = false;
        const plan = await this.pass();
        if (this.notes.stage === "gone") break;
        await this.untilWoken(plan.wakeAtMs);
      }
      if (this.notes.stage === "gone" && !this.notes.isRemoved) this.reports.gone(this.notes.pod);
    } finally {
      this.probes.close();
      this.context.allocations.release(this.uid);
    }
  }

  /** One look and what follows from it. What fails here is tried again after a moment. */
  private async pass(): Promise<PodPlan> {
    try {
      const wake = () => this.wake();
      const { allocation } = this.notes;
      const seen = await observe(this.context, this.notes, this.probes.verdicts(), wake);
      if (allocation && allocation !== this.notes.allocation) this.refreshMounted();
      this.syncProbes(seen);
      const current = { ...seen, probes: this.probes.verdicts() };
      this.notes.stage = nextStage(current);
      const view = { ...current, stage: this.notes.stage };
      if (isAtLeast(view.stage, "draining")) this.startScope.abort();
      this.podIp = factsOf(this.context, view).podIp;
      const plan = planPod(view);
      for (const action of plan.actions) this.begin(action, view);
      this.announce(plan);
      if (!this.notes.isRemoved) this.report(view);
      return plan;
    } catch (error) {
      this.complain("looking after the pod failed", error);
      await sleep(this.context.clock, retryMs, this.detached.signal);
      this.isWoken = true;
      return { actions: [], wakeAtMs: undefined, backingOff: [] };
    }
  }

  private begin(action: PodAction, view: PodView): void {
    const { context, notes } = this;
    // Whoever debugs a pod does not wait for what the pod is stuck with.
    const isGuest = action.type === "startContainer" && isEphemeral(notes.pod, action.container);
    const scope = {
      context,
      notes,
      view,
      startSignal: this.startScope.signal,
      turn: isGuest ? Promise.resolve() : this.lastTurn,
    };
    const work = this.observed(action, () => perform(action, scope));
    if (action.type === "startContainer" && !isGuest) {
      this.lastTurn = Promise.allSettled([this.lastTurn, work]).then(() => undefined);
    }
    this.launch(actionKey(action), work);
  }

  private async observed(action: PodAction, work: () => Promise<void>): Promise<void> {
    const { metrics, step } = this.context.record;
    const startMs = performance.now();
    const name = "container" in action ? `${action.type} ${action.container}` : action.type;
    await step("agent", name, this.notes.pod, work);
    metrics.podAction(action.type, (performance.now() - startMs) / 1000);
  }

  /**
   * Work beside the loop; its end wakes the loop. What fails stays under way for a moment, so that the plan, which
   * would only ask for it again, does so at that pace.
   */
  private launch(key: string, work: Promise<void>): void {
    const { notes, context, detached } = this;
    notes.inFlight.add(key);
    const settled = work.catch(async (error: unknown) => {
      this.complain(`${key} failed`, error);
      await sleep(context.clock, retryMs, detached.signal);
    });
    void settled.then(() => {
      notes.ended.add(key);
      this.wake();
    });
  }

  private complain(what: string, error: unknown): void {
    const { name } = this.notes.pod.metadata;
    const namespace = namespaceOf(this.notes.pod);
    this.context.log.warn(what, { pod: `${namespace}/${name}`, error });
  }

  private async untilWoken(wakeAtMs: number | undefined): Promise<void> {
    if (this.isWoken) return;
    const { clock } = this.context;
    const delayMs = Math.min(resyncMs, (wakeAtMs ?? Number.POSITIVE_INFINITY) - clock.now());
    await new Promise<void>((resolve) => {
      const cancel = clock.after(Math.max(0, delayMs), resolve);
      this.wakeUp = () => {
        cancel();
        resolve();
      };
    });
    this.wakeUp = undefined;
  }

  private report(view: PodView): void {
    const status = podStatus(view, this.context.hostIp);
    if (JSON.stringify(status) === JSON.stringify(this.notes.reported)) return;
    this.noteStart(status);
    this.announceDeadline(status);
    this.announceResized(status);
    this.notes.reported = status;
    this.reports.status(this.notes.pod, status);
  }

  /** Of pods that this process has seen from their beginning. */
  private noteStart({ phase }: PodStatus): void {
    const { pod, reported } = this.notes;
    const isNews = phase === "Running" && reported !== undefined && reported.phase !== "Running";
    if (!isNews || pod.status?.phase === "Running") return;
    this.context.record.metrics.podStarted((performance.now() - this.begunMs) / 1000);
  }

  private announce(plan: PodPlan): void {
    const { pod, announcedBackoffs } = this.notes;
    const name = `${pod.metadata.name}_${namespaceOf(pod)}(${this.uid})`;
    for (const { container, recordId } of plan.backingOff) {
      if (announcedBackoffs.has(recordId)) continue;
      announcedBackoffs.add(recordId);
      const message = `Back-off restarting failed container ${container} in pod ${name}`;
      this.context.events.pod(pod, { type: "Warning", reason: "BackOff", message, container });
    }
  }

  private announceDeadline({ reason, message = "" }: PodStatus): void {
    const { pod, reported } = this.notes;
    const isKnown = reported?.reason === reason || pod.status?.reason === reason;
    if (isKnown || reason === undefined) return;
    const isRejected = rejectionOf(pod)?.reason === reason;
    if (reason !== deadlineExceeded && !isRejected) return;
    this.context.events.pod(pod, { type: isRejected ? "Warning" : "Normal", reason, message });
  }

  private announceResized({ conditions = [] }: PodStatus): void {
    const { pod, reported } = this.notes;
    const isUnderWay = ({ type }: PodCondition): boolean => type.startsWith("PodResize");
    if (!reported?.conditions?.some(isUnderWay) || conditions.some(isUnderWay)) return;
    const message = "Pod resize completed";
    this.context.events.pod(pod, { type: "Normal", reason: "ResizeCompleted", message });
  }

  private refreshMounted(): void {
    if (this.notes.volumes.state !== "mounted") return;
    this.launch("refreshVolumes", this.refreshVolumes());
  }

  private syncProbes(view: PodView): void {
    const isOpen = !isAtLeast(view.stage, "stopping");
    const running = view.containers.filter(
      (record) => record.state === "running" && !view.inFlight.has(`start:${record.name}`),
    );
    const probed = running.flatMap((record): ProbedContainer[] => {
      const spec = allSpecs(view.pod).find((each) => each.name === record.name);
      return spec ? [{ record, spec, before: this.knownBefore(record.id) }] : [];
    });
    this.probes.sync(isOpen ? probed : []);
  }

  private knownBefore(id: string): ProbedContainer["before"] {
    const { containerStatuses = [], initContainerStatuses = [] } = this.notes.pod.status ?? {};
    const status = [...containerStatuses, ...initContainerStatuses].find((each) =>
      each.containerID?.endsWith(`//${id}`),
    );
    return status && { isReady: status.ready, isStarted: status.started ?? false };
  }

  private createProbes(): PodProbes {
    const { runtime, clock, events, log } = this.context;
    return createPodProbes({
      clock,
      ip: () => this.podIp,
      exec: (id, command, timeoutMs) => execToEnd(runtime, id, command, timeoutMs),
      onChange: () => this.wake(),
      onFailure: (container, kind, output) => {
        const title = kind.charAt(0).toUpperCase() + kind.slice(1);
        const message = `${title} probe failed: ${output}`;
        events.pod(this.notes.pod, { type: "Warning", reason: "Unhealthy", message, container });
      },
      onResult: (kind, isSuccess) => this.context.record.metrics.probed(kind, isSuccess),
      onBug: (error) => log.error("a probe loop broke", { pod: this.uid, error }),
    });
  }
}
