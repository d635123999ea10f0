import { canonicalOrAsIs, validateQuantity } from "#api/kinds/rules/quantities";
import { each, oneOf, requiredText } from "#api/kinds/rules/values";
import { forbidden, invalid, required } from "#api/machinery/field-path";
import { parseQuantity } from "#api/machinery/quantity";
import type { FieldError } from "#api/machinery/status-error";
import type {
  HorizontalPodAutoscaler,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricSpec,
  MetricTarget,
} from "#api/schema/types";

/** Without any metric: keep the mean cpu use of the pods at this share of what they request. */
const DEFAULT_CPU_PERCENT = 80;
/** Source: Kubernetes, "Horizontal Pod Autoscaling: default behavior". */
const defaultScaleUp: readonly HPAScalingPolicy[] = [
  { type: "Pods", value: 4, periodSeconds: 15 },
  { type: "Percent", value: 100, periodSeconds: 15 },
];
const defaultScaleDown: readonly HPAScalingPolicy[] = [
  { type: "Percent", value: 100, periodSeconds: 15 },
];
const MAX_PERIOD_SECONDS = 1800;
const MAX_WINDOW_SECONDS = 3600;

/** Mutates the draft. */
export function setAutoscalerDefaults(draft: HorizontalPodAutoscaler): void {
  if (!draft.spec) return;
  const { spec } = draft;
  spec.minReplicas ??= 1;
  if ((spec.metrics ?? []).length === 0) {
    const target = { type: "Utilization", averageUtilization: DEFAULT_CPU_PERCENT };
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  for (const metric of spec.metrics ?? []) canonicalizeTarget(sourceOf(metric)?.target);
  if (spec.behavior) {
    const { scaleUp, scaleDown } = spec.behavior;
    spec.behavior.scaleUp = withDefaults(scaleUp, defaultScaleUp, {
      stabilizationWindowSeconds: 0,
    });
    spec.behavior.scaleDown = withDefaults(scaleDown, defaultScaleDown, {});
  }
  draft.status ??= { desiredReplicas: 0 };
}

function withDefaults(
  rules: HPAScalingRules = {},
  policies: readonly HPAScalingPolicy[],
  more: HPAScalingRules,
): HPAScalingRules {
  return {
    selectPolicy: "Max",
    ...more,
    ...rules,
    policies: rules.policies ?? policies.map((policy) => ({ ...policy })),
  };
}

function canonicalizeTarget(target: MetricTarget | undefined): void {
  if (target?.value !== undefined) target.value = canonicalOrAsIs(target.value);
  if (target?.averageValue !== undefined) {
    target.averageValue = canonicalOrAsIs(target.averageValue);
  }
}

export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  if (!spec) return [required("spec")];
  const { minReplicas = 1, maxReplicas, scaleTargetRef } = spec;
  const found: FieldError[] = [];
  if (minReplicas < 0) {
    found.push(invalid("spec.minReplicas", minReplicas, "must be greater than or equal to 0"));
  }
  if (minReplicas === 0 && !spec.metrics?.some(({ type }) => SEEN_AT_ZERO.includes(type))) {
    const detail =
      "must specify at least one Object or External metric to support scaling to zero replicas";
    found.push(forbidden("spec.metrics", detail));
  }
  if (!(maxReplicas > 0)) {
    found.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  }
  if (maxReplicas < minReplicas) {
    const detail = "must be greater than or equal to `minReplicas`";
    found.push(invalid("spec.maxReplicas", maxReplicas, detail));
  }
  return [
    ...found,
    ...requiredText("spec.scaleTargetRef.kind", scaleTargetRef?.kind),
    ...requiredText("spec.scaleTargetRef.name", scaleTargetRef?.name),
    ...each("spec.metrics", spec.metrics, validateMetric),
    ...validateRules(spec.behavior?.scaleUp, "spec.behavior.scaleUp"),
    ...validateRules(spec.behavior?.scaleDown, "spec.behavior.scaleDown"),
  ];
}

/** Without pods there is nothing else to go by. */
const SEEN_AT_ZERO = ["External", "Object"];

const metricTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/** The field of a metric that its type names. */
function fieldOf({ type }: MetricSpec): string {
  return `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`;
}

interface MetricSource {
  readonly target?: MetricTarget;
}

function sourceOf(metric: MetricSpec): MetricSource | undefined {
  if (!metric.type) return undefined;
  return (metric as unknown as Record<string, MetricSource | undefined>)[fieldOf(metric)];
}

function validateMetric(metric: MetricSpec, path: string): FieldError[] {
  const found = oneOf(`${path}.type`, metric.type, metricTypes);
  if (found.length > 0) return found;
  const field = fieldOf(metric);
  const source = sourceOf(metric);
  const others = Object.entries(metric).filter(
    ([key, value]) => key !== "type" && key !== field && value !== undefined,
  );
  if (!source) {
    const detail = "must populate information for the given metric source";
    return [required(`${path}.${field}`, detail)];
  }
  return [
    ...others.map(([key]) =>
      forbidden(`${path}.${key}`, "must populate the given metric source only"),
    ),
    ...validateTarget(source.target, `${path}.${field}.target`),
    ...validateSource(metric, path),
  ];
}

/** What each type needs beside a well-formed target. */
function validateSource(metric: MetricSpec, path: string): FieldError[] {
  const { pods, object, external } = metric;
  const found: FieldError[] = [];
  for (const [field, one] of Object.entries({ pods, object, external })) {
    if (one) found.push(...requiredText(`${path}.${field}.metric.name`, one.metric?.name));
  }
  if (pods && pods.target?.averageValue === undefined) {
    const detail = "must specify a positive target averageValue";
    found.push(required(`${path}.pods.target.averageValue`, detail));
  }
  for (const [field, one] of Object.entries({ object, external })) {
    const { value, averageValue } = one?.target ?? {};
    if (!one || value !== undefined || averageValue !== undefined) continue;
    const detail = "must set either a target value for metric or a per-pod target";
    found.push(required(`${path}.${field}.target.averageValue`, detail));
  }
  if (object) {
    const at = `${path}.object.describedObject`;
    found.push(...requiredText(`${at}.kind`, object.describedObject?.kind));
    found.push(...requiredText(`${at}.name`, object.describedObject?.name));
  }
  return found;
}

function validateTarget(target: MetricTarget | undefined, path: string): FieldError[] {
  if (!target) return [required(`${path}.type`, "must specify a metric target type")];
  const { type, value, averageValue, averageUtilization } = target;
  const found = oneOf(`${path}.type`, type, ["AverageValue", "Utilization", "Value"]);
  if (value !== undefined) found.push(...validatePositive(value, `${path}.value`));
  if (averageValue !== undefined) {
    found.push(...validatePositive(averageValue, `${path}.averageValue`));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    const field = `${path}.averageUtilization`;
    found.push(invalid(field, averageUtilization, "must be greater than 0"));
  }
  return found;
}

function validatePositive(amount: string, path: string): FieldError[] {
  const found = validateQuantity(amount, path);
  if (found.length > 0) return found;
  return parseQuantity(amount).nanos > 0n ? [] : [invalid(path, amount, "must be positive")];
}

function validateRules(rules: HPAScalingRules | undefined, path: string): FieldError[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const found: FieldError[] = [];
  if (tolerance !== undefined) found.push(...validateQuantity(tolerance, `${path}.tolerance`));
  if (window !== undefined && (window < 0 || window > MAX_WINDOW_SECONDS)) {
    const field = `${path}.stabilizationWindowSeconds`;
    const detail =
      window < 0
        ? "must be greater than or equal to zero"
        : `must be less than or equal to ${MAX_WINDOW_SECONDS}`;
    found.push(invalid(field, window, detail));
  }
  if (selectPolicy !== undefined) {
    found.push(...oneOf(`${path}.selectPolicy`, selectPolicy, ["Disabled", "Max", "Min"]));
  }
  if (policies.length === 0) {
    found.push(required(`${path}.policies`, "must specify at least one Policy"));
  }
  return [...found, ...each(`${path}.policies`, policies, validatePolicy)];
}

function validatePolicy(policy: HPAScalingPolicy, path: string): FieldError[] {
  const { type, value, periodSeconds } = policy;
  const found = oneOf(`${path}.type`, type, ["Percent", "Pods"]);
  if (!(value > 0)) found.push(invalid(`${path}.value`, value, "must be greater than zero"));
  if (!(periodSeconds > 0)) {
    found.push(invalid(`${path}.periodSeconds`, periodSeconds, "must be greater than zero"));
  } else if (periodSeconds > MAX_PERIOD_SECONDS) {
    const detail = `must be less than or equal to ${MAX_PERIOD_SECONDS}`;
    found.push(invalid(`${path}.periodSeconds`, periodSeconds, detail));
  }
  return found;
}
