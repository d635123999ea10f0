import { isZeroAmount, validatePodAmount } from "#api/kinds/rules/amounts";
import { defaultTemplate, validateSelectorAndTemplate } from "#api/kinds/rules/templates";
import { nonNegative, oneOf } from "#api/kinds/rules/values";
import { invalid, required } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from "#api/schema/types";

const words = { ofSelector: "daemonset", ofTemplate: "DaemonSet" };

/** Mutates the draft. */
export function setDaemonSetDefaults(draft: DaemonSet): void {
  draft.spec ??= { selector: {}, template: { spec: { containers: [] } } };
  const { spec } = draft;
  spec.revisionHistoryLimit ??= 10;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= "RollingUpdate";
  if (spec.updateStrategy.type === "RollingUpdate") {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  defaultTemplate(spec.template);
  draft.status ??= {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  };
}

export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  return [
    ...validateSelectorAndTemplate(spec, words),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...validateStrategy(spec.updateStrategy ?? {}),
    ...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
  ];
}

function validateStrategy({ type, rollingUpdate }: DaemonSetUpdateStrategy): FieldError[] {
  const path = "spec.updateStrategy";
  const found = oneOf(`${path}.type`, type, ["RollingUpdate", "OnDelete"]);
  if (type !== "RollingUpdate") return found;
  return rollingUpdate
    ? validateRollingUpdate(rollingUpdate, `${path}.rollingUpdate`)
    : [required(`${path}.rollingUpdate`)];
}

/** Exactly one of the two is more than zero: a node's pod is replaced in place, or beside it. */
function validateRollingUpdate(update: RollingUpdateDaemonSet, path: string): FieldError[] {
  const { maxUnavailable, maxSurge } = update;
  const found = [
    ...validatePodAmount(`${path}.maxUnavailable`, maxUnavailable),
    ...validatePodAmount(`${path}.maxSurge`, maxSurge),
  ];
  const hasUnavailable = !isZeroAmount(maxUnavailable);
  const hasSurge = !isZeroAmount(maxSurge);
  if (hasUnavailable && hasSurge) {
    const detail = "may not be set when maxUnavailable is non-zero";
    found.push(invalid(`${path}.maxSurge`, maxSurge, detail));
  } else if (!hasUnavailable && !hasSurge) {
    found.push(required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  }
  return found;
}
