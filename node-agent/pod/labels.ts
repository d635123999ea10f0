import type { Container as ContainerSpec, Pod, ResourceRequirements } from "#api/schema/types";
import type { Size } from "#node-agent/container/resources";
import { namespaceOf, uidOf } from "#node-agent/objects";
import type { ContainerRecord, SandboxRecord } from "#node-agent/pod/view";
import type { Allocation } from "#node-agent/resize/allocated-pod";
import type { Container, Resources, Sandbox } from "#runtime/runtime";

/**
 * What the agent writes on sandboxes and containers, so that the runtime's lists alone say whose they are: an
 * agent that starts again needs nothing else. Names as the kubelet uses them, since tools read them.
 */
export const podUidLabel = "io.kubernetes.pod.uid";
export const podNameLabel = "io.kubernetes.pod.name";
export const podNamespaceLabel = "io.kubernetes.pod.namespace";
export const containerNameLabel = "io.kubernetes.container.name";
export const hashAnnotation = "io.kubernetes.container.hash";
export const restartCountAnnotation = "io.kubernetes.container.restartCount";
export const backoffAnnotation = "kaji.dev/backoff-ms";
/** The container's resources as they were set aside when it was made: JSON. */
export const resourcesAnnotation = "kaji.dev/resources";

export function podLabels(pod: Pod): Record<string, string> {
  return {
    ...pod.metadata.labels,
    [podUidLabel]: uidOf(pod),
    [podNameLabel]: pod.metadata.name,
    [podNamespaceLabel]: namespaceOf(pod),
  };
}

export function containerLabels(pod: Pod, container: ContainerSpec): Record<string, string> {
  return {
    [podUidLabel]: uidOf(pod),
    [podNameLabel]: pod.metadata.name,
    [podNamespaceLabel]: namespaceOf(pod),
    [containerNameLabel]: container.name,
  };
}

export function toSandboxRecord(sandbox: Sandbox): SandboxRecord {
  return {
    id: sandbox.id,
    isReady: sandbox.state === "ready",
    createdAtMs: sandbox.createdAtMs,
    ip: sandbox.config.network?.address.split("/")[0],
    size: toSize(sandbox.config.resources),
  };
}

/** `message` is the termination message where the agent has read one. */
export function toContainerRecord(
  container: Container,
  terminationMessage: string | undefined,
): ContainerRecord {
  const { config } = container;
  return {
    id: container.id,
    name: config.labels[containerNameLabel] ?? config.name,
    sandboxId: container.sandboxId,
    restartCount: Number(config.annotations[restartCountAnnotation] ?? 0),
    specHash: config.annotations[hashAnnotation] ?? "",
    size: toSize(config.resources),
    backoffMs: Number(config.annotations[backoffAnnotation] ?? 0),
    state: container.state,
    image: config.image,
    imageId: container.imageId,
    createdAtMs: container.createdAtMs,
    startedAtMs: container.startedAtMs,
    finishedAtMs: container.finishedAtMs,
    exitCode: container.exitCode ?? 0,
    signal: container.signal,
    reason: container.reason,
    message: terminationMessage ?? container.message,
  };
}

function toSize({ cpuRequestMillis, cpuLimitMillis, memoryLimitBytes }: Resources): Size {
  return {
    cpuRequestMillis: cpuRequestMillis ?? 0,
    ...(cpuLimitMillis === undefined ? {} : { cpuLimitMillis }),
    ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
  };
}

/** What was set aside for the pod when its containers were made; undefined: it has none yet. */
export function allocationAtStart(containers: readonly Container[]): Allocation | undefined {
  const found = containers.flatMap(({ config }) => {
    const json = config.annotations[resourcesAnnotation];
    const name = config.labels[containerNameLabel];
    return json && name ? [[name, JSON.parse(json) as ResourceRequirements] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
