import type { Size } from "#node-agent/container/resources";

/** What a pod worker can do, one at a time per key. Every action is idempotent and may be cut off anywhere. */
export type PodAction =
  | { readonly type: "mountVolumes" }
  | { readonly type: "createSandbox" }
  | {
      readonly type: "startContainer";
      readonly container: string;
      readonly restartCount: number;
      readonly backoffMs: number;
    }
  | {
      readonly type: "stopContainer";
      readonly container: string;
      readonly id: string;
      readonly graceMs: number;
      readonly runsPreStop: boolean;
      readonly message: string;
      /** It is to start again whatever its exit code and the pod's restart policy say. */
      readonly isRestart?: boolean;
    }
  | {
      readonly type: "resize";
      readonly sandboxId: string;
      /** The sandbox's size before its containers change. */
      readonly grown?: Size;
      readonly containers: readonly {
        readonly name: string;
        readonly id: string;
        readonly size: Size;
        readonly memoryBefore: number | undefined;
      }[];
      /** The sandbox's size afterwards. */
      readonly shrunk?: Size;
    }
  | { readonly type: "removeContainer"; readonly id: string }
  | { readonly type: "removeSandbox"; readonly id: string }
  /** Stops the sandbox and gives back volumes and network; containers stay, for their logs. */
  | { readonly type: "release" }
  /** Removes containers, sandboxes and directories too. */
  | { readonly type: "cleanUp" };

export interface PodPlan {
  readonly actions: readonly PodAction[];
  /** When to look again although nothing has happened. */
  readonly wakeAtMs: number | undefined;
  /** Containers that wait out a crash loop, for events. */
  readonly backingOff: readonly { readonly container: string; readonly recordId: string }[];
}

export function actionKey(action: PodAction): string {
  switch (action.type) {
    case "startContainer":
      return `start:${action.container}`;
    case "stopContainer":
      // A shorter grace may overtake a longer one that is under way.
      return `stop:${action.id}:${action.graceMs}`;
    case "removeContainer":
    case "removeSandbox":
      return `remove:${action.id}`;
    default:
      return action.type;
  }
}

/** What a pass gathers; `finishPlan` drops what is already under way. */
export interface PlanDraft {
  readonly actions: PodAction[];
  readonly wakes: number[];
  readonly backingOff: { container: string; recordId: string }[];
}
