import { JOB_NAME_LABELS, JOB_UID_LABELS } from "#api/kinds/job-defaults";
import { validatePodFailurePolicy, validateSuccessPolicy } from "#api/kinds/job-policies";
import { validateTemplateSpec } from "#api/kinds/pod-spec/validate";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { nonNegative, optionalOneOf } from "#api/kinds/rules/values";
import { invalid, notSupported, required } from "#api/machinery/field-path";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { validateAnnotations, validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import type { Job, JobSpec, PodTemplateSpec } from "#api/schema/types";

/** Source: Kubernetes, limits of Indexed Jobs. */
const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;

const amounts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

export function validateJob(job: Job): FieldError[] {
  const { spec } = job;
  const { selector, template } = spec;
  const found = validateJobSpec(spec, "spec");
  if (!selector) return [...found, required("spec.selector")];
  found.push(...validateLabelSelector(selector, "spec.selector"), ...validateGenerated(job));
  const labels = template?.metadata?.labels;
  if (found.length === 0 && !selectorFromLabelSelector(selector).matches(labels)) {
    const detail = "`selector` does not match template `labels`";
    found.push(invalid("spec.template.metadata.labels", labels ?? null, detail));
  }
  return found;
}

/** Rules of a Job and of the Jobs that a CronJob describes. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const { managedBy, podReplacementPolicy, podFailurePolicy, successPolicy } = spec;
  const policies = podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return [
    ...amounts.flatMap((name) => nonNegative(`${path}.${name}`, spec[name])),
    ...(managedBy !== undefined && managedBy.length > 63
      ? [invalid(`${path}.managedBy`, managedBy, "must be no more than 63 characters")]
      : []),
    ...validateMode(spec, path),
    ...optionalOneOf(`${path}.podReplacementPolicy`, podReplacementPolicy, policies),
    ...(podFailurePolicy ? validatePodFailurePolicy(spec, podFailurePolicy, path) : []),
    ...(successPolicy ? validateSuccessPolicy(spec, successPolicy, path) : []),
    ...validateTemplate(spec.template, path),
    ...validateFailurePolicyRestarts(spec, path),
  ];
}

function validateMode(spec: JobSpec, path: string): FieldError[] {
  const { completionMode, completions, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const found = optionalOneOf(`${path}.completionMode`, completionMode, ["NonIndexed", "Indexed"]);
  if (completionMode === "Indexed") {
    if (completions === undefined) {
      found.push(required(`${path}.completions`, "when completion mode is Indexed"));
    }
    if ((spec.parallelism ?? 0) > MAX_INDEXED_PARALLELISM) {
      const detail = `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`;
      found.push(invalid(`${path}.parallelism`, spec.parallelism, detail));
    }
    if ((maxFailedIndexes ?? 0) > (completions ?? MAX_FAILED_INDEXES)) {
      const detail = "must be less than or equal to completions";
      found.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, detail));
    }
  } else {
    for (const name of ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] as const) {
      if (spec[name] === undefined) continue;
      found.push(invalid(`${path}.${name}`, spec[name], "requires indexed completion mode"));
    }
  }
  if (backoffLimitPerIndex === undefined && maxFailedIndexes !== undefined) {
    found.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  }
  return found;
}

function validateTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  const at = `${path}.template`;
  if (!template) return [required(at)];
  const policy = template.spec.restartPolicy;
  const field = `${at}.spec.restartPolicy`;
  const found = [
    ...validateLabels(template.metadata?.labels, `${at}.metadata.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${at}.metadata.annotations`),
    ...validateTemplateSpec(template.spec, `${at}.spec`),
  ];
  if (policy === undefined || policy === "" || policy === "Always") {
    found.push(required(field, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== "OnFailure" && policy !== "Never") {
    found.push(notSupported(field, policy, ["OnFailure", "Never"]));
  }
  return found;
}

function validateFailurePolicyRestarts(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.template?.spec.restartPolicy;
  if (!spec.podFailurePolicy || policy === "Never") return [];
  const detail = 'only "Never" is supported when podFailurePolicy is specified';
  return [invalid(`${path}.template.spec.restartPolicy`, policy ?? "", detail)];
}

/** A selector that was not asked for by hand is the generated one, and the template carries its labels. */
function validateGenerated({ metadata, spec }: Job): FieldError[] {
  if (spec.manualSelector || !spec.selector) return [];
  const { uid = "", name } = metadata;
  const expected: Record<string, string> = {};
  for (const label of JOB_UID_LABELS) expected[label] = uid;
  for (const label of JOB_NAME_LABELS) expected[label] = name;
  const labels = spec.template?.metadata?.labels ?? {};
  const found = Object.entries(expected).flatMap(([key, value]) => {
    const field = `spec.template.metadata.labels[${key}]`;
    if (labels[key] === undefined) return [required(field, `must be '${value}'`)];
    return labels[key] === value ? [] : [invalid(field, labels, `must be '${value}'`)];
  });
  if (!selectorFromLabelSelector(spec.selector).matches(expected)) {
    found.push(invalid("spec.selector", spec.selector, "`selector` not auto-generated"));
  }
  return found;
}
