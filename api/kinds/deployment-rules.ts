import { forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isPercent } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { defaultTemplate, validateSelectorAndTemplate } from "#api/kinds/rules/templates";
import { nonNegative, oneOf } from "#api/kinds/rules/values";
import { validateStrategyAnnotations } from "#api/kinds/deployment-strategy";
import type {
  Deployment,
  DeploymentSpec,
  DeploymentStrategy,
  IntOrString,
  RollingUpdateDeployment,
} from "#api/schema/types";

/** Mutates the draft. */
export function setDeploymentDefaults(draft: Deployment): void {
  draft.spec ??= { selector: {}, template: { spec: { containers: [] } } };
  const { spec } = draft;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  spec.strategy ??= {};
  spec.strategy.type ||= "RollingUpdate";
  if (spec.strategy.type === "RollingUpdate") {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= "25%";
    spec.strategy.rollingUpdate.maxSurge ??= "25%";
  }
  defaultTemplate(spec.template);
  draft.status ??= {};
}

export function validateDeployment(deployment: Deployment): FieldError[] {
  const { spec } = deployment;
  return [
    ...nonNegative("spec.replicas", spec.replicas),
    ...validateSelectorAndTemplate(spec),
    ...validateStrategy(spec.strategy ?? {}),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
    ...validateDeadline(spec),
    ...validateStrategyAnnotations(deployment),
  ];
}

function validateDeadline(spec: DeploymentSpec): FieldError[] {
  const field = "spec.progressDeadlineSeconds";
  const deadline = spec.progressDeadlineSeconds;
  if (deadline === undefined) return [];
  const found = nonNegative(field, deadline);
  if (deadline <= (spec.minReadySeconds ?? 0)) {
    found.push(invalid(field, deadline, "must be greater than minReadySeconds"));
  }
  return found;
}

function validateStrategy(strategy: DeploymentStrategy): FieldError[] {
  const path = "spec.strategy";
  const { type, rollingUpdate } = strategy;
  if (type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate ? [forbidden(`${path}.rollingUpdate`, detail)] : [];
  }
  const found = oneOf(`${path}.type`, type, ["Recreate", "RollingUpdate"]);
  if (type !== "RollingUpdate") return found;
  return rollingUpdate
    ? validateRollingUpdate(rollingUpdate, `${path}.rollingUpdate`)
    : [required(`${path}.rollingUpdate`, "this should be defaulted and never be nil")];
}

function validateRollingUpdate(update: RollingUpdateDeployment, path: string): FieldError[] {
  const { maxUnavailable, maxSurge } = update;
  const found = [
    ...validateAmount(maxUnavailable, `${path}.maxUnavailable`),
    ...validateAmount(maxSurge, `${path}.maxSurge`),
  ];
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    const detail = "may not be 0 when `maxSurge` is 0";
    found.push(invalid(`${path}.maxUnavailable`, maxUnavailable, detail));
  }
  if (typeof maxUnavailable === "string" && percentOf(maxUnavailable) > 100) {
    const detail = "must not be greater than 100%";
    found.push(invalid(`${path}.maxUnavailable`, maxUnavailable, detail));
  }
  return found;
}

/** A count of pods, or a share of them such as "25%". */
function validateAmount(amount: IntOrString | undefined, field: string): FieldError[] {
  return typeof amount === "string"
    ? invalidEach(field, amount, isPercent(amount))
    : nonNegative(field, amount);
}

function isZero(amount: IntOrString | undefined): boolean {
  return typeof amount === "string" ? percentOf(amount) === 0 : (amount ?? 0) === 0;
}

function percentOf(text: string): number {
  return /^\d+%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
}
