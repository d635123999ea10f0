import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from "#api/schema/types";
import type {
  DesiredState,
  ServiceAccountToken,
  ServiceState,
  WelcomeData,
} from "#node-agent/session/types";

/**
 * The newest ConfigMaps, Secrets, claims, tokens and Services that the control plane has sent to this node: what pods
 * are made of besides their own spec. Owned by the agent; volumes and environments only read.
 */
export interface NodeObjects {
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  token(podUid: string, volume: string, path: string): ServiceAccountToken | undefined;
  services(): ServiceState;
  cluster(): WelcomeData | undefined;
}

/** What keeps a container or volume from being made, in Kubernetes' words; another try may succeed. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/** Something that the control plane is about to send: worth waiting for, not worth an event yet. */
export class NotYetError extends ConfigError {
  override name = "NotYetError";
}

const noServices: ServiceState = { services: new Map(), changed: [] };

export interface MutableNodeObjects extends NodeObjects {
  setDesired(desired: DesiredState): void;
  setServices(services: ServiceState): void;
  setCluster(welcome: WelcomeData): void;
}

export function createNodeObjects(): MutableNodeObjects {
  let desired: DesiredState | undefined;
  let services = noServices;
  let cluster: WelcomeData | undefined;
  return {
    configMap: (namespace, name) => desired?.configMaps.get(`${namespace}/${name}`),
    secret: (namespace, name) => desired?.secrets.get(`${namespace}/${name}`),
    claim: (namespace, name) => desired?.claims.get(`${namespace}/${name}`),
    volume: (name) => desired?.volumes.get(name),
    token: (podUid, volume, path) => desired?.tokens.get(`${podUid}/${volume}/${path}`),
    services: () => services,
    cluster: () => cluster,
    setDesired: (next) => {
      desired = next;
    },
    setServices: (next) => {
      services = next;
    },
    setCluster: (next) => {
      cluster = next;
    },
  };
}

export function namespaceOf(pod: Pod): string {
  return pod.metadata.namespace ?? "default";
}

export function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? "";
}

/** Key to bytes; Secrets carry base64, ConfigMaps text and base64. */
export function configMapFiles(configMap: ConfigMap): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [key, text] of Object.entries(configMap.data ?? {})) files.set(key, Buffer.from(text));
  for (const [key, base64] of Object.entries(configMap.binaryData ?? {})) {
    files.set(key, Buffer.from(base64, "base64"));
  }
  return files;
}

export function secretFiles(secret: Secret): Map<string, Buffer> {
  const entries = Object.entries(secret.data ?? {});
  return new Map(entries.map(([key, base64]) => [key, Buffer.from(base64, "base64")]));
}
