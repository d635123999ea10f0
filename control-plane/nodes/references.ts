import { podClaims } from "#api/storage/pod-claims";
import type { Container, Pod, Volume } from "#api/schema/types";

/** Everything besides itself that a pod needs from the API to run. */
export interface PodReferences {
  /** "ConfigMap/ns/name", "Secret/ns/name" and "PersistentVolumeClaim/ns/name". */
  readonly objects: ReadonlySet<string>;
  readonly tokens: readonly TokenReference[];
}

export interface TokenReference {
  /** "POD_UID/VOLUME_NAME/PATH" */
  readonly key: string;
  readonly audience: string | undefined;
  readonly expirationSeconds: number;
}

const defaultTokenSeconds = 3607;

/** Pure. This set is the whole authority of a node over config maps and secrets: nothing else is sent to it. */
export function referencesOf(pod: Pod): PodReferences {
  const objects = new Set<string>();
  const namespace = pod.metadata.namespace ?? "";
  const add: Add = (kind, name) => {
    if (name) objects.add(`${kind}/${namespace}/${name}`);
  };
  for (const container of containersOf(pod)) addEnvironment(container, add);
  for (const volume of pod.spec.volumes ?? []) addVolume(volume, add);
  for (const { claimName } of podClaims(pod)) add("PersistentVolumeClaim", claimName);
  for (const secret of pod.spec.imagePullSecrets ?? []) add("Secret", secret.name);
  return { objects, tokens: tokensOf(pod) };
}

type Add = (
  kind: "ConfigMap" | "Secret" | "PersistentVolumeClaim",
  name: string | undefined,
) => void;

function containersOf(pod: Pod): Pick<Container, "env" | "envFrom">[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

function addEnvironment(container: Pick<Container, "env" | "envFrom">, add: Add): void {
  for (const { valueFrom } of container.env ?? []) {
    add("ConfigMap", valueFrom?.configMapKeyRef?.name);
    add("Secret", valueFrom?.secretKeyRef?.name);
  }
  for (const source of container.envFrom ?? []) {
    add("ConfigMap", source.configMapRef?.name);
    add("Secret", source.secretRef?.name);
  }
}

function addVolume(volume: Volume, add: Add): void {
  add("ConfigMap", volume.configMap?.name);
  add("Secret", volume.secret?.secretName);
  for (const source of volume.projected?.sources ?? []) {
    add("ConfigMap", source.configMap?.name);
    add("Secret", source.secret?.name);
  }
}

function tokensOf(pod: Pod): TokenReference[] {
  const tokens: TokenReference[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
      if (!serviceAccountToken) continue;
      tokens.push({
        key: `${pod.metadata.uid}/${volume.name}/${serviceAccountToken.path}`,
        audience: serviceAccountToken.audience,
        expirationSeconds: serviceAccountToken.expirationSeconds ?? defaultTokenSeconds,
      });
    }
  }
  return tokens;
}
