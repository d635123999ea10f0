import { each, oneOf, positive, requiredText } from "#api/kinds/rules/values";
import { duplicate, invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";

type Spec = RequestAutoscaler["spec"];

/** Knative's defaults, where it has the same words. */
export const REQUEST_DEFAULTS = {
  minReplicas: 0,
  target: { metric: "Concurrency", value: 100, utilizationPercentage: 70 },
  windowSeconds: 60,
  panicWindowSeconds: 6,
  panicThresholdPercentage: 200,
  idleTimeoutSeconds: 60,
  queue: { maxRequests: 1000, timeoutSeconds: 60 },
} as const;

const METRICS = ["Concurrency", "RequestsPerSecond"] as const;
/** Whose apiVersion need not be given. */
const APPS: readonly string[] = ["Deployment", "ReplicaSet", "StatefulSet"];
const MAX_WINDOW_SECONDS = 3600;
const MAX_QUEUE = 100_000;
const MAX_PATHS = 20;

/** Mutates the draft. */
export function setRequestAutoscalerDefaults(draft: RequestAutoscaler): void {
  const { target, queue, ...rest } = REQUEST_DEFAULTS;
  const given = structuredClone(draft.spec ?? {}) as Spec;
  const reference = given.scaleTargetRef;
  if (APPS.includes(reference?.kind)) reference.apiVersion ??= "apps/v1";
  draft.spec = {
    ...rest,
    ...given,
    target: { ...target, ...given.target },
    queue: { ...queue, ...given.queue },
  };
}

export function validateRequestAutoscaler(spec: Spec): FieldError[] {
  const { scaleTargetRef, target, healthCheckPaths = [] } = spec;
  return [
    ...requiredText("spec.scaleTargetRef.kind", scaleTargetRef?.kind),
    ...requiredText("spec.scaleTargetRef.name", scaleTargetRef?.name),
    ...requiredText("spec.service", spec.service),
    ...validateReplicas(spec),
    ...oneOf("spec.target.metric", target?.metric, METRICS),
    ...positive("spec.target.value", target?.value),
    ...within("spec.target.utilizationPercentage", target?.utilizationPercentage, 1, 100),
    ...validateWindows(spec),
    ...within("spec.queue.maxRequests", spec.queue?.maxRequests, 1, MAX_QUEUE),
    ...within("spec.queue.timeoutSeconds", spec.queue?.timeoutSeconds, 1, MAX_WINDOW_SECONDS),
    ...validatePaths(healthCheckPaths),
  ];
}

function validateReplicas({ minReplicas = 0, maxReplicas }: Spec): FieldError[] {
  const found: FieldError[] = [];
  if (minReplicas < 0) {
    found.push(invalid("spec.minReplicas", minReplicas, "must be 0, which lets it sleep, or more"));
  }
  if (!(maxReplicas >= 1)) {
    found.push(invalid("spec.maxReplicas", maxReplicas ?? null, "must be 1 or more"));
  } else if (maxReplicas < minReplicas) {
    const detail = `must not be less than minReplicas, which is ${minReplicas}`;
    found.push(invalid("spec.maxReplicas", maxReplicas, detail));
  }
  return found;
}

function validateWindows(spec: Spec): FieldError[] {
  const { windowSeconds = 60, panicWindowSeconds = 6 } = spec;
  const found = [
    ...within("spec.windowSeconds", windowSeconds, 6, MAX_WINDOW_SECONDS),
    ...within("spec.panicWindowSeconds", panicWindowSeconds, 1, MAX_WINDOW_SECONDS),
    ...within("spec.panicThresholdPercentage", spec.panicThresholdPercentage, 110, 1000),
    ...within("spec.idleTimeoutSeconds", spec.idleTimeoutSeconds, 1, 30 * 86_400),
  ];
  if (panicWindowSeconds > windowSeconds) {
    const detail = `must not be longer than windowSeconds, which is ${windowSeconds}`;
    found.push(invalid("spec.panicWindowSeconds", panicWindowSeconds, detail));
  }
  return found;
}

function validatePaths(paths: readonly string[]): FieldError[] {
  const field = "spec.healthCheckPaths";
  if (paths.length > MAX_PATHS) {
    return [invalid(field, paths.length, `must not be more than ${MAX_PATHS} paths`)];
  }
  return each(field, paths, (path, at, index) => {
    if (paths.indexOf(path) < index) return [duplicate(at, path)];
    if (/^\/[^\s,?#]*$/.test(path)) return [];
    const detail = 'must be a path such as "/healthz", without spaces, commas and query';
    return [invalid(at, path, detail)];
  });
}

function within(
  field: string,
  value: number | undefined,
  least: number,
  most: number,
): FieldError[] {
  if (value === undefined || (value >= least && value <= most)) return [];
  return [invalid(field, value, `must be from ${least} to ${most}`)];
}
