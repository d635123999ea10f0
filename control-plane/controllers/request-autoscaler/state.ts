import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Target } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import type { Wanted } from "#control-plane/controllers/request-autoscaler/decide";
import type { History } from "#control-plane/controllers/request-autoscaler/history";
import type { Lack } from "#control-plane/controllers/request-autoscaler/room";

/** What one look at a RequestAutoscaler goes by, and what it keeps for the next. */
export interface RequestInput {
  readonly autoscaler: RequestAutoscaler;
  readonly target: Target;
  readonly reports: readonly TrafficReport[];
  /** Pods of the target that can answer. */
  readonly ready: number;
  readonly lack: Lack | undefined;
  readonly rivals: readonly Rival[];
}

/** Another that scales the same target. */
export interface Rival {
  readonly kind: string;
  readonly name: string;
}

/**
 * Lives in memory. Invariant: without it, as after a restart, nothing is taken away before a whole window was seen;
 * when a request was last seen is in the status and in the reports.
 */
export interface RequestMemory {
  readonly uid: string | undefined;
  readonly history: History;
  readonly wanted: readonly Wanted[];
  readonly panicMs: number | undefined;
  /** When the observed figures were last written: they alone are not worth a write each time. */
  readonly shownMs: number;
  /** Complaints of the last look, which need not be told again. */
  readonly told: readonly string[];
}
