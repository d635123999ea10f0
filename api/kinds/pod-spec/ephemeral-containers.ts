import { duplicate, forbidden, notFound } from "#api/machinery/field-path";
import type { PartialUpdate } from "#api/machinery/define-kind";
import type { FieldError } from "#api/machinery/status-error";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { each } from "#api/kinds/rules/values";
import type { EphemeralContainer, Pod, PodSpec } from "#api/schema/types";

const DETAIL = "cannot be set for an Ephemeral Container";

/** Whoever debugs gets no guarantees: nothing that the pod's own work could rest on may be asked for. */
const FORBIDDEN = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

/** Beyond what holds for every container: `validateCommon` is given by the caller. */
export function validateEphemeralContainers(
  spec: PodSpec,
  path: string,
  validateCommon: (container: EphemeralContainer, path: string) => FieldError[],
): FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const taken = new Set(others);
  return each(`${path}.ephemeralContainers`, ephemeralContainers, (container, at) => {
    const { name, targetContainerName } = container;
    const isTaken = taken.has(name);
    taken.add(name);
    return [
      ...validateCommon(container, at),
      ...(isTaken ? [duplicate(`${at}.name`, name)] : []),
      ...FORBIDDEN.filter((field) => !isSemanticallyEqual(container[field], undefined)).map(
        (field) => forbidden(`${at}.${field}`, DETAIL),
      ),
      ...each(`${at}.volumeMounts`, container.volumeMounts, ({ subPath, subPathExpr }, mountAt) => [
        ...(subPath ? [forbidden(`${mountAt}.subPath`, DETAIL)] : []),
        ...(subPathExpr ? [forbidden(`${mountAt}.subPathExpr`, DETAIL)] : []),
      ]),
      ...(targetContainerName && !others.has(targetContainerName)
        ? [notFound(`${at}.targetContainerName`, targetContainerName)]
        : []),
    ];
  });
}

export function validateNoEphemeralContainers(spec: PodSpec): FieldError[] {
  return (spec.ephemeralContainers ?? []).length === 0
    ? []
    : [forbidden("spec.ephemeralContainers", "cannot be set on create")];
}

/** The subresource pods/ephemeralcontainers: what is there stays as it is, more may come. */
export const ephemeralContainersUpdate: PartialUpdate<Pod> = {
  take: (draft, current) => {
    const { ephemeralContainers: _, ...spec } = current.spec;
    const wanted = draft.spec.ephemeralContainers;
    return { ...current, spec: wanted ? { ...spec, ephemeralContainers: wanted } : spec };
  },
  validate: (next, previous) => {
    const field = "spec.ephemeralContainers";
    const wanted = new Map((next.spec.ephemeralContainers ?? []).map((one) => [one.name, one]));
    return (previous.spec.ephemeralContainers ?? []).flatMap((old) => {
      const now = wanted.get(old.name);
      const title = `existing ephemeral containers ${JSON.stringify(old.name)}`;
      if (!now) return [forbidden(field, `${title} may not be removed\n`)];
      return isSemanticallyEqual(now, old)
        ? []
        : [forbidden(field, `${title} may not be changed\n`)];
    });
  },
};
