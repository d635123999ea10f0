import type { Container as ContainerSpec } from "#api/schema/types";
import type { PlanDraft } from "#node-agent/pod/actions";
import { podSize, type Size, sizeOf } from "#node-agent/container/resources";
import { type ContainerRecord, currentRecord, isSidecar, type PodView } from "#node-agent/pod/view";

const fields = ["cpuRequestMillis", "cpuLimitMillis", "memoryLimitBytes"] as const;

/** A running container whose limits are not those that are set aside for it. */
interface Misfit {
  readonly spec: ContainerSpec;
  readonly record: ContainerRecord;
  readonly size: Size;
}

/**
 * Brings the limits in the kernel to what is set aside for the pod: at once where the container allows it, by a
 * restart where it asks for one. The sandbox grows before its containers and shrinks after them, because the
 * kernel lets no group promise more than the one above it.
 */
export function planResize(view: PodView, draft: PlanDraft): void {
  const { sandbox } = view;
  if (!sandbox?.isReady) return;
  const misfits = misfitsOf(view);
  const wanted = podSize(view.pod);
  const grown = largest(sandbox.size, wanted);
  const inPlace = misfits.filter((misfit) => !asksForRestart(misfit));
  const restarts = misfits.filter(asksForRestart);
  const isSettled = misfits.length === 0 || restarts.length === 0;
  const mustGrow = !isSame(sandbox.size, grown);
  const mustShrink = isSettled && !isSame(grown, wanted);
  if (mustGrow || mustShrink || inPlace.length > 0) {
    const failure = view.resize.failure;
    if (failure && failure.retryAtMs > view.nowMs) {
      draft.wakes.push(failure.retryAtMs);
      return;
    }
    draft.actions.push({
      type: "resize",
      sandboxId: sandbox.id,
      ...(mustGrow ? { grown } : {}),
      containers: inPlace.map(({ spec, record, size }) => ({
        name: spec.name,
        id: record.id,
        size,
        memoryBefore: record.size.memoryLimitBytes,
      })),
      ...(mustShrink ? { shrunk: wanted } : {}),
    });
  }
  if (mustGrow) return;
  for (const { spec, record } of restarts) {
    draft.actions.push({
      type: "stopContainer",
      container: spec.name,
      id: record.id,
      graceMs: (view.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000,
      runsPreStop: true,
      message: `Container ${spec.name} resize requires restart`,
      isRestart: true,
    });
  }
}

/** Something in the kernel is not yet as it is set aside. */
export function isBeingResized(view: PodView): boolean {
  const { sandbox } = view;
  if (!sandbox?.isReady) return false;
  return misfitsOf(view).length > 0 || !isSame(sandbox.size, podSize(view.pod));
}

function misfitsOf(view: PodView): Misfit[] {
  const sidecars = (view.pod.spec.initContainers ?? []).filter(isSidecar);
  return [...sidecars, ...view.pod.spec.containers].flatMap((spec) => {
    const record = currentRecord(view, spec.name);
    const size = sizeOf(spec);
    if (record?.state !== "running" || isSame(record.size, size)) return [];
    return [{ spec, record, size }];
  });
}

function asksForRestart({ spec, record, size }: Misfit): boolean {
  const isCpu = (["cpuRequestMillis", "cpuLimitMillis"] as const).some(
    (field) => record.size[field] !== size[field],
  );
  const isMemory = record.size.memoryLimitBytes !== size.memoryLimitBytes;
  return (spec.resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === "RestartContainer" &&
      ((resourceName === "cpu" && isCpu) || (resourceName === "memory" && isMemory)),
  );
}

function isSame(left: Size, right: Size): boolean {
  return fields.every((field) => left[field] === right[field]);
}

/** No limit is the largest limit; no request is the smallest request. */
function largest(left: Size, right: Size): Size {
  const limit = (field: "cpuLimitMillis" | "memoryLimitBytes"): Size => {
    const [a, b] = [left[field], right[field]];
    return a === undefined || b === undefined ? {} : { [field]: Math.max(a, b) };
  };
  return {
    cpuRequestMillis: Math.max(left.cpuRequestMillis ?? 0, right.cpuRequestMillis ?? 0),
    ...limit("cpuLimitMillis"),
    ...limit("memoryLimitBytes"),
  };
}
