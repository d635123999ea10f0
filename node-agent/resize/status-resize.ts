import { bytes, formatQuantity, milliCpu } from "#api/machinery/quantity";
import { byteAmount, cpuAmount } from "#api/quota/amounts";
import type {
  Container,
  ContainerStatus,
  PodCondition,
  ResourceRequirements,
} from "#api/schema/types";
import { toTime } from "#kit/clock";
import type { ContainerRecord, PodView } from "#node-agent/pod/view";
import { isBeingResized } from "#node-agent/resize/plan-resize";

/** Conditions that are there only while they have something to say. */
export function resizeConditions(view: PodView): PodCondition[] {
  const { pending, failure } = view.resize;
  const conditions: PodCondition[] = [];
  const { generation } = view.pod.metadata;
  const add = (type: string, reason?: string, message?: string): void => {
    const before = view.pod.status?.conditions?.find((each) => each.type === type);
    conditions.push({
      type,
      status: "True",
      lastTransitionTime: before?.lastTransitionTime ?? toTime(view.nowMs),
      ...(reason ? { reason } : {}),
      ...(message ? { message } : {}),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    });
  };
  if (pending) add("PodResizePending", pending.reason, pending.message);
  if (isBeingResized(view)) {
    add("PodResizeInProgress", failure ? "Error" : undefined, failure?.message);
  }
  return conditions;
}

/** What is set aside for a container, and what it runs with. */
export function containerSize(
  spec: Container,
  record: ContainerRecord | undefined,
): Pick<ContainerStatus, "resources" | "allocatedResources"> {
  const { resources } = spec;
  if (!resources) return {};
  const requests = resources.requests ?? {};
  return {
    ...(Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
    resources: record?.state === "running" ? actual(resources, record) : resources,
  };
}

/** The kernel knows requests of cpu and limits; requests of memory are as they are set aside. */
function actual(allocated: ResourceRequirements, { size }: ContainerRecord): ResourceRequirements {
  const { requests = {}, limits = {} } = allocated;
  const cpu = (millis: number | undefined, text: string | undefined) =>
    millis === undefined || milliCpu(text) === millis ? text : formatQuantity(cpuAmount(millis));
  const memory = (amount: number | undefined, text: string | undefined) =>
    amount === undefined || bytes(text) === amount ? text : formatQuantity(byteAmount(amount));
  const requested = requests.cpu ? cpu(size.cpuRequestMillis, requests.cpu) : undefined;
  const cpuLimit = limits.cpu ? cpu(size.cpuLimitMillis, limits.cpu) : undefined;
  const memoryLimit = limits.memory ? memory(size.memoryLimitBytes, limits.memory) : undefined;
  return {
    ...allocated,
    ...(requested ? { requests: { ...requests, cpu: requested } } : {}),
    ...(cpuLimit || memoryLimit
      ? {
          limits: {
            ...limits,
            ...(cpuLimit ? { cpu: cpuLimit } : {}),
            ...(memoryLimit ? { memory: memoryLimit } : {}),
          },
        }
      : {}),
  };
}
