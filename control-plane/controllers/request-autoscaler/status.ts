import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { isDeepEqual } from "#api/machinery/field-path";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { Condition } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

export type Status = NonNullable<RequestAutoscaler["status"]>;
export type Statement = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Figures that change all the time: they alone are written this often at most. */
export const SHOW_EVERY_MS = 10_000;

export function say(type: string, isTrue: boolean, reason: string, message: string): Statement {
  return { type, status: isTrue ? "True" : "False", reason, message };
}

/** The change of the status, where it is worth a write. `isFigureDue`: also for the figures alone. */
export function writeStatus(
  autoscaler: RequestAutoscaler,
  news: Omit<Status, "conditions">,
  statements: readonly Statement[],
  nowMs: number,
  isFigureDue: boolean,
): Action[] {
  const known = autoscaler.status ?? {};
  const next: Status = {
    ...known,
    ...JSON.parse(JSON.stringify(news)),
    observedGeneration: autoscaler.metadata.generation,
    conditions: conditionsOf(known.conditions ?? [], statements, nowMs),
  };
  const before = isFigureDue ? known : withoutFigures(known);
  if (isDeepEqual(isFigureDue ? next : withoutFigures(next), before)) return [];
  const target = targetOf(autoscaler);
  const body = { status: next };
  return [{ type: "patch", kind: requestAutoscalerKind, target, subresource: "status", body }];
}

function withoutFigures(status: Status): Status {
  const { observedConcurrency: _, observedRequestsPerSecond: __, ...rest } = status;
  const { lastRequestTime: ___, panicTime: ____, ...more } = rest;
  return more;
}

function conditionsOf(
  known: readonly Condition[],
  statements: readonly Statement[],
  nowMs: number,
): Condition[] {
  return statements.map((said) => {
    const before = known.find(({ type }) => type === said.type);
    const lastTransitionTime =
      before?.status === said.status ? before.lastTransitionTime : toTime(nowMs);
    return { ...said, lastTransitionTime };
  });
}
