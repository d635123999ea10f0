import { invalid, invalidEach, notSupported, required } from "#api/machinery/field-path";
import {
  isConfigMapKey,
  isDns1123Subdomain,
  isEnvVarName,
  isQualifiedName,
} from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { each, requiredText } from "#api/kinds/rules/values";
import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from "#api/schema/types";

const envFieldPaths: readonly string[] = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

export const volumeFieldPaths: readonly string[] = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** What can be named at all; where a path is of use depends on the place. */
const knownFieldPaths = new Set([
  ...envFieldPaths,
  ...volumeFieldPaths,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

const resourceFields: readonly string[] = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

const sources = [
  "configMapKeyRef",
  "fieldRef",
  "fileKeyRef",
  "resourceFieldRef",
  "secretKeyRef",
] as const;

export function validateEnv(env: EnvVar[] | undefined, path: string): FieldError[] {
  return each(path, env, (variable, at) => [
    ...(variable.name
      ? invalidEach(`${at}.name`, variable.name, isEnvVarName(variable.name))
      : [required(`${at}.name`)]),
    ...(variable.valueFrom
      ? validateSource(variable.valueFrom, variable.value, `${at}.valueFrom`)
      : []),
  ]);
}

function validateSource(
  source: EnvVarSource,
  value: string | undefined,
  path: string,
): FieldError[] {
  const given = sources.filter((name) => source[name] !== undefined);
  const found: FieldError[] = [];
  if (source.fieldRef) {
    found.push(...validateFieldRef(source.fieldRef, `${path}.fieldRef`, envFieldPaths));
  }
  if (source.resourceFieldRef) {
    found.push(...validateResourceFieldRef(source.resourceFieldRef, `${path}.resourceFieldRef`));
  }
  for (const name of ["configMapKeyRef", "secretKeyRef"] as const) {
    const reference = source[name];
    if (reference) found.push(...validateKeyRef(reference, `${path}.${name}`));
  }
  if (given.length === 0) {
    const names =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    found.push(invalid(path, "", names));
  } else if (value) {
    found.push(invalid(path, "", "may not be specified when `value` is not empty"));
  } else if (given.length > 1) {
    found.push(invalid(path, "", "may not have more than one field specified at a time"));
  }
  return found;
}

function validateKeyRef(
  reference: { name?: string | undefined; key?: string },
  path: string,
): FieldError[] {
  return [
    ...requiredText(`${path}.name`, reference.name),
    ...(reference.key
      ? invalidEach(`${path}.key`, reference.key, isConfigMapKey(reference.key))
      : [required(`${path}.key`)]),
  ];
}

/** `metadata.labels['app']` and `metadata.annotations['a/b']` are allowed wherever a field is. */
export function validateFieldRef(
  reference: ObjectFieldSelector,
  path: string,
  supported: readonly string[],
): FieldError[] {
  const field = `${path}.fieldPath`;
  const { fieldPath } = reference;
  if (!fieldPath) return [required(field)];
  const subscript = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(fieldPath);
  if (subscript) {
    const key = subscript[2] ?? "";
    const name = subscript[1] === "annotations" ? key.toLowerCase() : key;
    return invalidEach(field, key, isQualifiedName(name));
  }
  if (!knownFieldPaths.has(fieldPath)) {
    const detail = `error converting fieldPath: field label not supported: ${fieldPath}`;
    return [invalid(field, fieldPath, detail)];
  }
  return supported.includes(fieldPath) ? [] : [notSupported(field, fieldPath, supported)];
}

export function validateResourceFieldRef(
  reference: ResourceFieldSelector,
  path: string,
): FieldError[] {
  const { resource } = reference;
  if (!resource) return [required(`${path}.resource`)];
  if (/^(limits|requests)\.hugepages-/.test(resource)) return [];
  return resourceFields.includes(resource)
    ? []
    : [notSupported(`${path}.resource`, resource, resourceFields)];
}

export function validateEnvFrom(from: EnvFromSource[] | undefined, path: string): FieldError[] {
  return each(path, from, (source, at) => {
    const found = source.prefix
      ? invalidEach(`${at}.prefix`, source.prefix, isEnvVarName(source.prefix))
      : [];
    for (const name of ["configMapRef", "secretRef"] as const) {
      const reference = source[name];
      if (reference) found.push(...validateObjectName(reference.name, `${at}.${name}.name`));
    }
    const count = Number(Boolean(source.configMapRef)) + Number(Boolean(source.secretRef));
    if (count === 0) {
      found.push(invalid(at, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (count > 1) {
      found.push(invalid(at, "", "may not have more than one field specified at a time"));
    }
    return found;
  });
}

function validateObjectName(name: string | undefined, field: string): FieldError[] {
  return name ? invalidEach(field, name, isDns1123Subdomain(name)) : [required(field)];
}
