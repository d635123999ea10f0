import { keyOf } from "#api/machinery/meta";
import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Secret,
  Service,
} from "#api/schema/types";
import { createNodeObjects, type MutableNodeObjects } from "#node-agent/objects";

/** ConfigMaps and Secrets of the namespace default, by name and then key to text. */
export function testObjects(given: {
  configMaps?: Record<string, Record<string, string>>;
  secrets?: Record<string, Record<string, string>>;
  tokens?: Record<string, string>;
  services?: readonly Service[];
  claims?: readonly PersistentVolumeClaim[];
  volumes?: readonly PersistentVolume[];
}): MutableNodeObjects {
  const objects = createNodeObjects();
  const metadata = (name: string) => ({ name, namespace: "default" });
  const configMaps = Object.entries(given.configMaps ?? {}).map(
    ([name, data]): [string, ConfigMap] => [
      `default/${name}`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(name), data },
    ],
  );
  const secrets = Object.entries(given.secrets ?? {}).map(([name, texts]): [string, Secret] => {
    const encoded = Object.entries(texts).map(([key, text]) => [
      key,
      Buffer.from(text).toString("base64"),
    ]);
    const data = Object.fromEntries(encoded) as Record<string, string>;
    return [
      `default/${name}`,
      { apiVersion: "v1", kind: "Secret", metadata: metadata(name), data },
    ];
  });
  const tokens = Object.entries(given.tokens ?? {}).map(
    ([key, token]) => [key, { token, expirationTimestamp: "2026-01-01T13:00:00Z" }] as const,
  );
  objects.setDesired({
    generation: 1,
    isFull: true,
    pods: new Map(),
    configMaps: new Map(configMaps),
    secrets: new Map(secrets),
    claims: new Map((given.claims ?? []).map((claim) => [keyOf(claim), claim])),
    volumes: new Map((given.volumes ?? []).map((volume) => [volume.metadata.name, volume])),
    tokens: new Map(tokens),
    changedPods: [],
    removedPods: [],
    changedObjects: [],
  });
  const services = (given.services ?? []).map(
    (service) =>
      [
        `${service.metadata.namespace ?? ""}/${service.metadata.name}`,
        { service, endpointSlices: [] },
      ] as const,
  );
  objects.setServices({ services: new Map(services), changed: [] });
  return objects;
}

export const testFacts = {
  podIp: "10.244.0.7",
  hostIp: "192.0.2.1",
  nodeName: "node-1",
  allocatable: { cpuMillis: 2000, memoryBytes: 4 * 2 ** 30 },
};
