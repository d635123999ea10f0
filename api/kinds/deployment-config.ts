import { CONFIG_HASH, rollsOutOnConfigChange } from "#api/kinds/deployment-strategy";
import type { Container, Deployment, PodSpec, PodTemplateSpec } from "#api/schema/types";

/**
 * The ConfigMaps and Secrets that pods of a template read, and their copies. Where a Deployment rolls out on a
 * changed configuration, its template carries a hash of it, and its pods read copies that never change, named by
 * that hash: an old version keeps its old configuration, and a rollback is to it too.
 */
export interface ConfigReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly isOptional: boolean;
}

/** The longest name of an object. */
const MAX_NAME = 253;

export function copyName(name: string, hash: string): string {
  return `${name.slice(0, MAX_NAME - hash.length - 1)}-${hash}`;
}

/** Each once; optional only where every use of it is. */
export function configReferences(spec: PodSpec | undefined): ConfigReference[] {
  const found = new Map<string, ConfigReference>();
  if (!spec) return [];
  visitReferences(structuredClone(spec), (reference) => {
    const key = `${reference.kind}/${reference.name}`;
    const isOptional = reference.isOptional && (found.get(key)?.isOptional ?? true);
    found.set(key, { ...reference, isOptional });
    return reference.name;
  });
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** The spec of a pod of this template: what it reads is the copies, where the template says which. */
export function podSpecOf(template: PodTemplateSpec): PodSpec | undefined {
  const spec = structuredClone(template.spec);
  const hash = template.metadata?.annotations?.[CONFIG_HASH];
  if (spec && hash) visitReferences(spec, ({ name }) => copyName(name, hash));
  return spec;
}

/** Its template does not say yet which configuration is meant: nothing is started from it. */
export function awaitsConfig(deployment: Deployment): boolean {
  const { template } = deployment.spec;
  return (
    rollsOutOnConfigChange(deployment) &&
    template.metadata?.annotations?.[CONFIG_HASH] === undefined &&
    configReferences(template.spec).length > 0
  );
}

type Visit = (reference: ConfigReference) => string;

/** Gives every reference the name that `visit` answers. */
function visitReferences(draft: PodSpec, visit: Visit): void {
  const rename = (
    kind: ConfigReference["kind"],
    at: { name?: string | undefined; optional?: boolean | undefined } | undefined,
  ): void => {
    if (at?.name) at.name = visit({ kind, name: at.name, isOptional: at.optional === true });
  };
  for (const volume of draft.volumes ?? []) {
    rename("ConfigMap", volume.configMap);
    const { secret } = volume;
    if (secret?.secretName) {
      const isOptional = secret.optional === true;
      secret.secretName = visit({ kind: "Secret", name: secret.secretName, isOptional });
    }
    for (const source of volume.projected?.sources ?? []) {
      rename("ConfigMap", source.configMap);
      rename("Secret", source.secret);
    }
  }
  const containers: Container[] = [...(draft.initContainers ?? []), ...draft.containers];
  for (const { env = [], envFrom = [] } of containers) {
    for (const { valueFrom } of env) {
      rename("ConfigMap", valueFrom?.configMapKeyRef);
      rename("Secret", valueFrom?.secretKeyRef);
    }
    for (const source of envFrom) {
      rename("ConfigMap", source.configMapRef);
      rename("Secret", source.secretRef);
    }
  }
}
