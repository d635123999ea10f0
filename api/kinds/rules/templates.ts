import { forbidden, invalid, notSupported, required } from "#api/machinery/field-path";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { validateAnnotations, validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import { defaultPodSpec } from "#api/kinds/pod-spec/defaults";
import { validateTemplateSpec } from "#api/kinds/pod-spec/validate";
import { isEmptySelector, validateLabelSelector } from "#api/kinds/rules/selectors";
import type { LabelSelector, PodTemplateSpec } from "#api/schema/types";

interface TemplatedSpec {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec | undefined;
}

/** Mutates the template. */
export function defaultTemplate(template: PodTemplateSpec | undefined): void {
  if (!template) return;
  template.spec ??= { containers: [] };
  defaultPodSpec(template.spec);
}

/** How messages name a kind of workload: Kubernetes speaks of Deployments in the words for ReplicaSets. */
export interface WorkloadWords {
  readonly ofSelector: string;
  readonly ofTemplate: string;
}

const replicaSetWords: WorkloadWords = { ofSelector: "deployment", ofTemplate: "ReplicaSet" };

/** Selector and template of a workload whose pods never end and are found by their labels. */
export function validateSelectorAndTemplate(
  spec: TemplatedSpec,
  words: WorkloadWords = replicaSetWords,
): FieldError[] {
  return [...validateSelector(spec.selector, words), ...validateTemplate(spec, words)];
}

function validateSelector(selector: LabelSelector | undefined, words: WorkloadWords): FieldError[] {
  if (!selector) return [required("spec.selector")];
  const found = validateLabelSelector(selector, "spec.selector");
  if (isEmptySelector(selector)) {
    const detail = `empty selector is invalid for ${words.ofSelector}`;
    found.push(invalid("spec.selector", selector, detail));
  }
  return found;
}

function validateTemplate(
  { selector, template }: TemplatedSpec,
  words: WorkloadWords,
): FieldError[] {
  const path = "spec.template";
  if (!template) return [required(path)];
  const labels = template.metadata?.labels;
  const found = [
    ...validateLabels(labels, `${path}.metadata.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.metadata.annotations`),
    ...validateTemplateSpec(template.spec, `${path}.spec`),
  ];
  const isUsable = selector && validateSelector(selector, words).length === 0;
  if (isUsable && !selectorFromLabelSelector(selector).matches(labels)) {
    const detail = "`selector` does not match template `labels`";
    found.push(invalid(`${path}.metadata.labels`, labels ?? null, detail));
  }
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== "Always") {
    found.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy ?? "", ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${words.ofTemplate} is not Supported`;
    found.push(forbidden(`${path}.spec.activeDeadlineSeconds`, detail));
  }
  return found;
}
