import { forbidden, invalid, invalidEach } from "#api/machinery/field-path";
import { inRange } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateGatedUpdate, withPlacementOf } from "#api/kinds/pod-spec/gated";
import { differences, isSemanticallyEqual } from "#api/kinds/rules/equal";
import type { Container, Pod, PodSpec, Toleration } from "#api/schema/types";

const MAX_DEADLINE_SECONDS = 2 ** 31 - 1;

const IMMUTABLE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** A pod's spec is fixed, but for a few fields; the message names what the caller tried to change. */
export function validatePodUpdate(next: Pod, previous: Pod): FieldError[] {
  const found = [
    ...validateContainerCount(next.spec, previous.spec, "containers"),
    ...validateContainerCount(next.spec, previous.spec, "initContainers"),
    ...validateDeadline(next.spec, previous.spec),
    ...validateTolerations(next.spec.tolerations ?? [], previous.spec.tolerations ?? []),
    ...validateGatedUpdate(next.spec, previous.spec),
  ];
  if (found.length > 0) return found;
  const changed = differences(withMutableFieldsOf(next.spec, previous.spec), previous.spec, "spec");
  return changed.length === 0
    ? []
    : [forbidden("spec", `${IMMUTABLE}\nchanged: ${changed.join(", ")}`)];
}

function validateContainerCount(
  next: PodSpec,
  previous: PodSpec,
  list: "containers" | "initContainers",
): FieldError[] {
  return (next[list] ?? []).length === (previous[list] ?? []).length
    ? []
    : [forbidden(`spec.${list}`, "pod updates may not add or remove containers")];
}

/** The deadline may be set or come nearer. */
function validateDeadline(next: PodSpec, previous: PodSpec): FieldError[] {
  const field = "spec.activeDeadlineSeconds";
  const [to, from] = [next.activeDeadlineSeconds, previous.activeDeadlineSeconds];
  if (to === from) return [];
  if (to === undefined) {
    return [invalid(field, null, "must not update from a positive integer to nil value")];
  }
  if (from !== undefined && to > from) {
    const detail = "must be less than or equal to previous value";
    return [invalid(field, to, detail)];
  }
  return invalidEach(field, to, inRange(to, 0, MAX_DEADLINE_SECONDS));
}

/** Existing tolerations stay; only how long one lasts may change. */
function validateTolerations(next: Toleration[], previous: Toleration[]): FieldError[] {
  const isKept = (old: Toleration) =>
    next.some((one) =>
      isSemanticallyEqual({ ...one, tolerationSeconds: old.tolerationSeconds }, old),
    );
  return previous.every(isKept)
    ? []
    : [
        forbidden(
          "spec.tolerations",
          "existing toleration can not be modified except its tolerationSeconds",
        ),
      ];
}

/** `next` with the previous values of all that may change: what differs then, may not. */
function withMutableFieldsOf(next: PodSpec, previous: PodSpec): PodSpec {
  const mayShorten =
    (previous.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1;
  return {
    ...withPlacementOf(next, previous),
    containers: withImagesOf(next.containers, previous.containers),
    initContainers: withImagesOf(next.initContainers ?? [], previous.initContainers ?? []),
    activeDeadlineSeconds: previous.activeDeadlineSeconds,
    tolerations: previous.tolerations,
    ...(mayShorten
      ? { terminationGracePeriodSeconds: previous.terminationGracePeriodSeconds }
      : {}),
  };
}

function withImagesOf(next: Container[], previous: Container[]): Container[] {
  return next.map((container, index) => ({ ...container, image: previous[index]?.image }));
}
