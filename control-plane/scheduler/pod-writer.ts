import { podKind } from "#api/kinds/pod";
import { keyOf } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Lister } from "#client/informer";
import { ADVICE_REASON } from "#control-plane/scheduler/explain/advisor";
import type { EventRecorder } from "#control-plane/scheduler/event-recorder";
import { type Clock, toTime } from "#kit/clock";

/** What the scheduler writes to pods: bindings, why they are pending, and the end of victims. Keeps no state. */
export interface PodWriter {
  /** Throws StatusError when the API refuses, anything else when its answer was lost. */
  bind(pod: Pod, nodeName: string): Promise<void>;
  /** Says on the pod why it is pending and which node is kept for it, where that is news. */
  reportPending(pod: Pod, report: PendingReport): Promise<void>;
  /** The node is not kept for the pod any more. */
  clearNomination(pod: Pod): Promise<void>;
  evict(victim: Pod, preemptor: Pod, nodeName: string): Promise<void>;
}

export interface PendingReport {
  readonly reason: "Unschedulable" | "SchedulerError";
  readonly message: string;
  /** undefined: none is kept. */
  readonly nominatedNodeName: string | undefined;
  /** What would make the pod fit: asked for, and said in an event of its own, where the report is news. */
  readonly advice?: () => string | undefined;
}

export interface PodWriterOptions {
  readonly client: Client;
  readonly pods: Lister<Pod>;
  readonly clock: Clock;
  readonly recorder: EventRecorder;
}

export function createPodWriter({ client, pods, clock, recorder }: PodWriterOptions): PodWriter {
  const patchStatus = async (pod: Pod, status: object): Promise<void> => {
    const { name, namespace = "default", uid } = pod.metadata;
    await client.patch(
      podKind,
      { name, namespace, subresource: "status" },
      { type: "strategic", body: { metadata: { uid }, status } },
    );
  };
  const condition = (type: string, status: "True" | "False", reason: string, message: string) => ({
    ...{ type, status, reason, message },
    lastProbeTime: null,
    lastTransitionTime: toTime(clock.now()),
  });
  return {
    async bind({ metadata }, nodeName) {
      const { name, namespace = "default", uid } = metadata;
      await client.createSubresource(
        podKind,
        { name, namespace, subresource: "binding" },
        {
          apiVersion: "v1",
          kind: "Binding",
          metadata: { name, namespace, uid },
          target: { apiVersion: "v1", kind: "Node", name: nodeName },
        },
      );
    },
    async reportPending(pod, { reason, message, nominatedNodeName, advice }) {
      const known = pods.get(keyOf(pod))?.status;
      const said = known?.conditions?.find(({ type }) => type === "PodScheduled");
      const isSaid = said?.status === "False" && said.message === message;
      const isKept = (known?.nominatedNodeName || undefined) === nominatedNodeName;
      if (isSaid && isKept) return;
      const lastTransitionTime =
        said?.status === "False" ? said.lastTransitionTime : toTime(clock.now());
      const pending = {
        ...condition("PodScheduled", "False", reason, message),
        lastTransitionTime,
      };
      await patchStatus(pod, {
        conditions: [pending],
        ...(isKept ? {} : { nominatedNodeName: nominatedNodeName ?? null }),
      });
      if (isSaid) return;
      recorder.say({ about: pod, type: "Warning", reason: "FailedScheduling", message });
      const advised = nominatedNodeName === undefined ? advice?.() : undefined;
      if (advised)
        recorder.say({ about: pod, type: "Normal", reason: ADVICE_REASON, message: advised });
    },
    clearNomination: (pod) => patchStatus(pod, { nominatedNodeName: null }),
    async evict(victim, preemptor, nodeName) {
      const message = "default-scheduler: preempting to accommodate a higher priority pod";
      try {
        const disrupted = condition("DisruptionTarget", "True", "PreemptionByScheduler", message);
        await patchStatus(victim, { conditions: [disrupted] });
        const { name, namespace = "default", uid } = victim.metadata;
        await client.delete(podKind, { name, namespace }, { preconditions: { uid: uid ?? "" } });
      } catch (error) {
        if (isOvertaken(error)) return;
        throw error;
      }
      recorder.say({
        ...{ about: victim, type: "Normal", reason: "Preempted" },
        message: `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`,
      });
    },
  };
}

/** The pod is gone, or somebody else was faster: the informer tells the rest. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof StatusError && (error.code === 404 || error.code === 409);
}
