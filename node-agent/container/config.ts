import type { Container, Pod } from "#api/schema/types";
import { expand } from "#node-agent/container/expand";
import { containerResources } from "#node-agent/container/resources";
import { securityContext } from "#node-agent/container/security";
import {
  backoffAnnotation,
  containerLabels,
  hashAnnotation,
  resourcesAnnotation,
  restartCountAnnotation,
} from "#node-agent/pod/labels";
import { specHash } from "#node-agent/pod/spec-hash";
import type { ContainerConfig, Image, Mount } from "#runtime/runtime";

export interface ContainerConfigInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly image: Image;
  readonly restartCount: number;
  readonly backoffMs: number;
  /** The running container that an ephemeral one wants to look into. */
  readonly sharesPidsWith?: string;
  readonly env: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  readonly seccompDirectory: string;
  readonly nodeMemoryBytes: number;
}

/** A container of a pod as the runtime wants it; pure. Throws ConfigError for what cannot be. */
export function containerConfig(input: ContainerConfigInput): ContainerConfig {
  const { pod, container, image, restartCount, env } = input;
  const expandAll = (words: readonly string[] | undefined): string[] =>
    (words ?? []).map((word) => expand(word, env));
  const { workingDir } = container;
  return {
    name: container.name,
    labels: containerLabels(pod, container),
    annotations: {
      [hashAnnotation]: specHash(container),
      [restartCountAnnotation]: String(restartCount),
      [backoffAnnotation]: String(input.backoffMs),
      [resourcesAnnotation]: JSON.stringify(container.resources ?? {}),
    },
    image: container.image ?? image.id,
    command: expandAll(container.command),
    args: expandAll(container.args),
    ...(workingDir ? { workingDir } : {}),
    env: [...env].map(([name, value]) => ({ name, value })),
    mounts: input.mounts,
    devices: [],
    logPath: `${container.name}/${restartCount}.log`,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    resources: containerResources(pod, container, input.nodeMemoryBytes),
    security: securityContext(pod, container, image.config, input.seccompDirectory),
    ...(input.sharesPidsWith ? { sharesPidsWith: input.sharesPidsWith } : {}),
  };
}
