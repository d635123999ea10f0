import { sleep } from "#kit/clock";
import { errorChain } from "#kit/log";
import type { Pod, PodStatus } from "#api/schema/types";
import { execToEnd } from "#node-agent/container/exec";
import type { NodeContext } from "#node-agent/node-context";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { actionKey, type PodAction, type PodPlan } from "#node-agent/pod/actions";
import { createNotes, factsOf, observe, type PodNotes } from "#node-agent/pod/notes";
import { perform } from "#node-agent/pod/perform";
import { planPod } from "#node-agent/pod/plan";
import { nextStage } from "#node-agent/pod/stage";
import { deadlineExceeded, podStatus } from "#node-agent/pod/status";
import { isAtLeast } from "#node-agent/pod/transitions";
import type { PodView } from "#node-agent/pod/view";
import {
  createPodProbes,
  type PodProbes,
  type ProbedContainer,
} from "#node-agent/probes/pod-probes";
import { preparePodVolumes } from "#node-agent/volumes/pod-volumes";

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
  private readonly startScope = new AbortController();
  private readonly detached = new AbortController();
  private isWoken = false;
  private wakeUp: (() => void) | undefined;
  private podIp = "";
  private lastTurn: Promise<void> = Promise.resolve();

  constructor(context: NodeContext, pod: Pod, reports: PodReports) {
    this.context = context;
    this.reports = reports;
    this.uid = uidOf(pod);
    this.notes = createNotes(pod, context.clock.now());
    this.probes = this.createProbes();
    this.ended = this.run();
  }

  update(pod: Pod): void {
    this.notes.pod = pod;
    this.wake();
  }

  remove(): void {
    this.notes.isRemoved = true;
    this.wake();
  }

  wake(): void {
    this.isWoken = true;
    this.wakeUp?.();
  }

  objectsChanged(): void {
    const { notes } = this;
    notes.startFailures.forEach((failure, name) => {
      if (failure.reason !== "ErrImagePull") notes.startFailures.delete(name);
    });
    if (notes.volumes.state === "failed") notes.volumes = { state: "unmounted" };
    else if (notes.volumes.state === "mounted")
      this.launch("refreshVolumes", this.refreshVolumes());
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
    }
  }

  /** One look and what follows from it. What fails here is tried again after a moment. */
  private async pass(): Promise<PodPlan> {
    try {
      const seen = await observe(this.context, this.notes, this.probes.verdicts());
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
    const scope = {
      context,
      notes,
      view,
      startSignal: this.startScope.signal,
      turn: this.lastTurn,
    };
    const work = perform(action, scope);
    if (action.type === "startContainer") {
      this.lastTurn = Promise.allSettled([this.lastTurn, work]).then(() => undefined);
    }
    this.launch(actionKey(action), work);
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
    this.announceDeadline(status);
    this.notes.reported = status;
    this.reports.status(this.notes.pod, status);
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
    if (reason !== deadlineExceeded || isKnown) return;
    this.context.events.pod(pod, { type: "Normal", reason, message });
  }

  private async refreshVolumes(): Promise<void> {
    const { context, notes, podIp } = this;
    const { objects, directories, hostIp, nodeName, allocatable } = context;
    const facts = { podIp, hostIp, nodeName, allocatable };
    try {
      await preparePodVolumes({ pod: notes.pod, objects, facts, directories });
    } catch (error) {
      const message = errorChain(error);
      context.events.pod(notes.pod, { type: "Warning", reason: "FailedMount", message });
    }
  }

  private syncProbes(view: PodView): void {
    const isOpen = !isAtLeast(view.stage, "stopping");
    const running = view.containers.filter(
      (record) => record.state === "running" && !view.inFlight.has(`start:${record.name}`),
    );
    const { containers, initContainers = [] } = view.pod.spec;
    const probed = running.flatMap((record): ProbedContainer[] => {
      const spec = [...containers, ...initContainers].find((each) => each.name === record.name);
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
      onBug: (error) => log.error("a probe loop broke", { pod: this.uid, error }),
    });
  }
}
