import type { PartialUpdate } from "#api/machinery/define-kind";
import { duplicate, forbidden, invalid, notSupported, required } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { podQosClass } from "#api/kinds/pod-resources";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { each } from "#api/kinds/rules/values";
import type { Container, ContainerResizePolicy, Pod, PodSpec } from "#api/schema/types";

const RESIZED = ["cpu", "memory"];
const RESTART_POLICIES = ["NotRequired", "RestartContainer"];

/** Source: the Kubernetes page "Resize CPU and Memory Resources assigned to Containers". */
export function validateResizePolicy(
  policies: readonly ContainerResizePolicy[] | undefined,
  path: string,
  podRestartPolicy: string | undefined,
): FieldError[] {
  const seen = new Set<string>();
  return each(path, policies, ({ resourceName, restartPolicy }, at) => {
    const found: FieldError[] = seen.has(resourceName) ? [duplicate(at, resourceName)] : [];
    seen.add(resourceName);
    for (const [value, supported] of [
      [resourceName, RESIZED],
      [restartPolicy, RESTART_POLICIES],
    ] as const) {
      if (!value) found.push(required(path));
      else if (!supported.includes(value)) found.push(notSupported(path, value, supported));
    }
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired") {
      const detail = "must be 'NotRequired' when `restartPolicy` is 'Never'";
      found.push(invalid(path, restartPolicy, detail));
    }
    return found;
  });
}

const lists = ["containers", "initContainers"] as const;
type List = (typeof lists)[number];

/** The subresource pods/resize: the resources and resize policies of containers, nothing else. */
export const resizeUpdate: PartialUpdate<Pod> = {
  take: (draft, current) => ({
    ...current,
    spec: {
      ...current.spec,
      containers: takeResources(draft.spec.containers, current.spec.containers),
      ...(current.spec.initContainers
        ? {
            initContainers: takeResources(draft.spec.initContainers, current.spec.initContainers),
          }
        : {}),
    },
  }),
  validate: (next, previous) => {
    const refused = refusedAsAWhole(next, previous);
    if (refused) return [forbidden("", refused)];
    const found: FieldError[] = [];
    if (podQosClass(next) !== (previous.status?.qosClass ?? podQosClass(previous))) {
      const detail = "Pod QOS Class may not change as a result of resizing";
      found.push(invalid("spec", previous.status?.qosClass ?? "", detail));
    }
    const moved = lists.flatMap((list) => validateOrder(next.spec, previous.spec, list));
    if (moved.length > 0) return [...found, ...moved];
    found.push(...lists.flatMap((list) => validateRemovals(next.spec, previous.spec, list)));
    if (!isSemanticallyEqual(withoutAmounts(next.spec), withoutAmounts(previous.spec))) {
      found.push(forbidden("spec", "only cpu and memory resources are mutable"));
    }
    return found;
  },
};

/** By name; a draft whose containers are others stays visible to the validation. */
function takeResources(draft: Container[] | undefined, current: Container[]): Container[] {
  if (draft?.length !== current.length) return draft ?? [];
  return draft.map((wanted) => {
    const stored = current.find(({ name }) => name === wanted.name);
    if (!stored) return wanted;
    const { resizePolicy: _, ...kept } = stored;
    const { resources, resizePolicy } = wanted;
    return {
      ...kept,
      ...(resources ? { resources } : {}),
      ...(resizePolicy ? { resizePolicy } : {}),
    };
  });
}

function refusedAsAWhole(next: Pod, previous: Pod): string | undefined {
  const isLimitedAsAWhole = ({ spec: { resources } }: Pod): boolean =>
    Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;
  if (isLimitedAsAWhole(next) || isLimitedAsAWhole(previous)) {
    return "pods with pod-level resources cannot be resized";
  }
  return previous.spec.os?.name === "windows" ? "windows pods cannot be resized" : undefined;
}

function validateOrder(next: PodSpec, previous: PodSpec, list: List): FieldError[] {
  const [now, before] = [next[list] ?? [], previous[list] ?? []];
  if (now.length !== before.length) {
    return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
  }
  return each(`spec.${list}`, now, ({ name }, at, index) =>
    name === before[index]?.name
      ? []
      : [forbidden(`${at}.name`, `${list} may not be renamed or reordered on resize`)],
  );
}

function validateRemovals(next: PodSpec, previous: PodSpec, list: List): FieldError[] {
  return each(`spec.${list}`, previous[list], (before, at, index) => {
    if (list === "initContainers" && before.restartPolicy !== "Always") return [];
    const now = next[list]?.[index]?.resources;
    return (["requests", "limits"] as const).flatMap((side) => {
      const isRemoved = Object.keys(before.resources?.[side] ?? {}).some(
        (name) => now?.[side]?.[name] === undefined,
      );
      const detail = `resource ${side} cannot be removed`;
      return isRemoved ? [forbidden(`${at}.resources.${side}`, detail)] : [];
    });
  });
}

/** The spec without what a resize may change. Init containers that run to their end are not resized. */
function withoutAmounts(spec: PodSpec): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map(withoutOwnAmounts),
    initContainers: (spec.initContainers ?? []).map((container) =>
      container.restartPolicy === "Always" ? withoutOwnAmounts(container) : container,
    ),
  };
}

function withoutOwnAmounts(container: Container): Container {
  const others = (amounts: Record<string, string> | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(amounts ?? {}).filter(([name]) => !RESIZED.includes(name)));
  const { requests, limits, ...rest } = container.resources ?? {};
  return {
    ...container,
    resources: { ...rest, requests: others(requests), limits: others(limits) },
  };
}
