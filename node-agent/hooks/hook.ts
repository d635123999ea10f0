import type { Container, LifecycleHandler } from "#api/schema/types";
import type { ExecOutcome } from "#node-agent/probes/probe";

/** What a container may ask to be done after its start or before its stop: one file here, one line in index.ts. */
export interface HookType {
  readonly name: string;
  matches(action: LifecycleHandler): boolean;
  /** Throws when the hook failed, in words for the event. Ends early when the signal aborts. */
  run(action: LifecycleHandler, target: HookTarget): Promise<void>;
}

export interface HookTarget {
  readonly ip: string;
  readonly container: Container;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  exec(command: readonly string[], timeoutMs: number): Promise<ExecOutcome>;
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}
