import { oneOf } from "#api/kinds/rules/values";
import { defineKind } from "#api/machinery/define-kind";
import { forbidden, immutable } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { PriorityClass } from "#api/schema/types";

/** Values above are kept for the classes that the system brings along. */
const MAX_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PREFIX = "system-";

function systemClass(name: string, value: number, description: string): PriorityClass {
  const head = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };
  const preemptionPolicy = "PreemptLowerPriority";
  return { ...head, metadata: { name }, value, description, preemptionPolicy };
}

/** Every cluster has these from its start. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  systemClass(
    "system-node-critical",
    2_000_001_000,
    "Used for system critical pods that must not be moved from their current node.",
  ),
  systemClass(
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ),
];

export const priorityClassKind = defineKind<PriorityClass>({
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  shortNames: ["pc"],
  isNamespaced: false,
  schema: "io.k8s.api.scheduling.v1.PriorityClass",
  hasGeneration: true,
  columns: [
    {
      name: "Value",
      type: "integer",
      priority: 0,
      description: "The priority of pods of this class: the higher goes first.",
      value: ({ value }) => value ?? 0,
    },
    {
      name: "Global-Default",
      type: "boolean",
      priority: 0,
      description: "Whether pods that name no class get this one.",
      value: ({ globalDefault }) => globalDefault ?? false,
    },
    ageColumn,
    {
      name: "PreemptionPolicy",
      type: "string",
      priority: 0,
      description: "Whether its pods may take the place of pods of lower priority.",
      value: ({ preemptionPolicy }) => preemptionPolicy ?? "",
    },
  ],
  setDefaults: (draft) => {
    draft.value ??= 0;
    draft.preemptionPolicy ??= "PreemptLowerPriority";
  },
  validate: (priorityClass) => [
    ...validateValue(priorityClass),
    ...oneOf("preemptionPolicy", priorityClass.preemptionPolicy, ["PreemptLowerPriority", "Never"]),
  ],
  validateUpdate: (next, previous) => [
    ...(next.value === previous.value
      ? []
      : [forbidden("value", "may not be changed in an update.")]),
    ...immutable("preemptionPolicy", next.preemptionPolicy, previous.preemptionPolicy),
  ],
});

function validateValue(priorityClass: PriorityClass): FieldError[] {
  const { metadata, value } = priorityClass;
  if (metadata.name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemClassProblem(priorityClass);
    const detail = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`;
    return problem ? [forbidden("metadata.name", detail)] : [];
  }
  if (value <= MAX_USER_PRIORITY) return [];
  const detail = `maximum allowed value of a user defined priority is ${MAX_USER_PRIORITY}`;
  return [forbidden("value", detail)];
}

function systemClassProblem({ metadata, value, globalDefault }: PriorityClass): string | undefined {
  const { name } = metadata;
  const known = systemPriorityClasses.find((one) => one.metadata.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
