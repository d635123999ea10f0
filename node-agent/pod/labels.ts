import type { Container as ContainerSpec, Pod } from "#api/schema/types";
import { namespaceOf, uidOf } from "#node-agent/objects";
import type { ContainerRecord, SandboxRecord } from "#node-agent/pod/view";
import type { Container, Sandbox } from "#runtime/runtime";

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
