import { StatusError } from "#api/machinery/status-error";
import {
  type ClusterView,
  isRefusal,
  type Plugin,
  type PodToPlace,
} from "#control-plane/scheduler/framework";
import type { NodeState } from "#control-plane/scheduler/node-state";
import { isOvertaken, type PodWriter } from "#control-plane/scheduler/pod-writer";
import { errorChain } from "#kit/log";

/** Who said no, and why. */
export interface Objection {
  readonly plugin: string;
  readonly message: string;
}

/** How a binding ended. */
export type BindOutcome =
  | { readonly type: "bound" }
  /** What a plugin had to do first could not be done: nothing was bound. */
  | { readonly type: "objected"; readonly objection: Objection }
  /** A plugin or the API refused: the pod is not there. */
  | { readonly type: "failed"; readonly error: Error; readonly isOvertaken: boolean }
  /** The answer was lost: the pod may be there or not. */
  | { readonly type: "unknown"; readonly error: Error };

/**
 * Carries out what was decided for one pod, in this order: reserve, (the scheduler counts the pod), permit,
 * (waiting), bind. Keeps no state: what is reserved, plugins know.
 */
export interface Binder {
  /** Takes what the pod will use; an objection: nothing is reserved. */
  reserve(pod: PodToPlace, node: NodeState): Objection | undefined;
  /** Milliseconds to wait, by plugin; empty: binding may begin. Caller must: release after an objection. */
  permit(pod: PodToPlace, node: NodeState): ReadonlyMap<string, number> | Objection;
  /** Never throws. Caller must: release unless it is bound. */
  bind(pod: PodToPlace, nodeName: string): Promise<BindOutcome>;
  release(pod: PodToPlace, nodeName: string): void;
}

export interface BinderOptions {
  readonly pluginsOf: (pod: PodToPlace) => readonly Plugin[];
  readonly view: ClusterView;
  readonly writer: PodWriter;
}

export function createBinder({ pluginsOf, view, writer }: BinderOptions): Binder {
  const release = (pod: PodToPlace, nodeName: string): void => {
    for (const { unreserve } of [...pluginsOf(pod)].reverse()) unreserve?.(pod, nodeName, view);
  };
  return {
    release,
    reserve(pod, node) {
      for (const { name, reserve } of pluginsOf(pod)) {
        const refusal = reserve?.(pod, node, view);
        if (!refusal) continue;
        release(pod, node.name);
        return { plugin: name, message: refusal.reasons.join(", ") };
      }
      return undefined;
    },
    permit(pod, node) {
      const waits = new Map<string, number>();
      for (const { name, permit } of pluginsOf(pod)) {
        const answer = permit?.(pod, node, view);
        if (isRefusal(answer)) return { plugin: name, message: answer.reasons.join(", ") };
        if (answer?.type === "wait") waits.set(name, answer.waitMs);
      }
      return waits;
    },
    async bind(pod, nodeName) {
      const plugins = pluginsOf(pod);
      for (const { name, preBind } of plugins) {
        try {
          await preBind?.(pod, nodeName, view);
        } catch (error) {
          const message = `running PreBind plugin "${name}": ${errorChain(error)}`;
          return { type: "objected", objection: { plugin: name, message } };
        }
      }
      try {
        await writer.bind(pod.pod, nodeName);
      } catch (cause) {
        const error = new Error(`cannot bind pod ${pod.key} to node ${nodeName}`, { cause });
        if (!(cause instanceof StatusError)) return { type: "unknown", error };
        return { type: "failed", error, isOvertaken: isOvertaken(cause) };
      }
      for (const { postBind } of plugins) postBind?.(pod, nodeName, view);
      return { type: "bound" };
    },
  };
}
