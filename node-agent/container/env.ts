import type { Container, EnvFromSource, EnvVar, Pod } from "#api/schema/types";
import { expand } from "#node-agent/container/expand";
import { type DownwardFacts, fieldValue, resourceValue } from "#node-agent/container/field-ref";
import { serviceEnv } from "#node-agent/container/service-env";
import {
  ConfigError,
  configMapFiles,
  type NodeObjects,
  namespaceOf,
  secretFiles,
} from "#node-agent/objects";

export interface EnvInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly objects: NodeObjects;
  readonly facts: DownwardFacts;
}

/**
 * A container's environment: services, then envFrom, then env, a later one winning. Throws ConfigError for
 * what does not exist and is not optional.
 */
export function containerEnv(input: EnvInput): Map<string, string> {
  const { pod, container, objects } = input;
  const all = [...objects.services().services.values()].map(({ service }) => service);
  const env = serviceEnv(all, namespaceOf(pod), pod.spec.enableServiceLinks ?? true);
  for (const source of container.envFrom ?? []) {
    for (const [key, value] of envFrom(input, source)) {
      if (isEnvName(key)) env.set(key, value);
    }
  }
  for (const variable of container.env ?? []) {
    const value = envValue(input, variable, env);
    if (value !== undefined) env.set(variable.name, value);
  }
  return env;
}

function isEnvName(name: string): boolean {
  return name !== "" && !name.includes("=") && !name.includes("\0");
}

function envFrom(input: EnvInput, source: EnvFromSource): [string, string][] {
  const { configMapRef, secretRef, prefix = "" } = source;
  const ref = configMapRef ?? secretRef;
  const files = configMapRef
    ? requiredConfigMap(input, ref?.name ?? "", ref?.optional)
    : requiredSecret(input, ref?.name ?? "", ref?.optional);
  return [...(files ?? [])].map(([key, bytes]) => [prefix + key, bytes.toString("utf8")]);
}

function envValue(
  input: EnvInput,
  variable: EnvVar,
  env: ReadonlyMap<string, string>,
): string | undefined {
  const { valueFrom } = variable;
  if (!valueFrom) return expand(variable.value ?? "", env);
  if (valueFrom.fieldRef) return fieldValue(input.pod, valueFrom.fieldRef.fieldPath, input.facts);
  if (valueFrom.resourceFieldRef) {
    return resourceValue(input.pod, input.container, valueFrom.resourceFieldRef, input.facts);
  }
  if (valueFrom.configMapKeyRef) {
    const { name = "", key, optional } = valueFrom.configMapKeyRef;
    return keyOf(input, requiredConfigMap(input, name, optional), "ConfigMap", name, key, optional);
  }
  if (valueFrom.secretKeyRef) {
    const { name = "", key, optional } = valueFrom.secretKeyRef;
    return keyOf(input, requiredSecret(input, name, optional), "Secret", name, key, optional);
  }
  return undefined;
}

type Files = ReadonlyMap<string, Buffer>;

function keyOf(
  input: EnvInput,
  files: Files | undefined,
  kind: string,
  name: string,
  key: string,
  optional: boolean | undefined,
): string | undefined {
  const bytes = files?.get(key);
  if (bytes || optional) return bytes?.toString("utf8");
  throw new ConfigError(`couldn't find key ${key} in ${kind} ${namespaceOf(input.pod)}/${name}`);
}

function requiredConfigMap(
  { objects, pod }: EnvInput,
  name: string,
  optional?: boolean,
): Files | undefined {
  const object = objects.configMap(namespaceOf(pod), name);
  if (object) return configMapFiles(object);
  if (optional) return undefined;
  throw new ConfigError(`configmap "${name}" not found`);
}

function requiredSecret(
  { objects, pod }: EnvInput,
  name: string,
  optional?: boolean,
): Files | undefined {
  const object = objects.secret(namespaceOf(pod), name);
  if (object) return secretFiles(object);
  if (optional) return undefined;
  throw new ConfigError(`secret "${name}" not found`);
}
