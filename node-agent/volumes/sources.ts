import type { DownwardAPIVolumeFile, KeyToPath } from "#api/schema/types";
import { fieldValue, resourceValue } from "#node-agent/container/field-ref";
import {
  ConfigError,
  configMapFiles,
  NotYetError,
  namespaceOf,
  secretFiles,
  uidOf,
} from "#node-agent/objects";
import type { FileContent } from "#node-agent/volumes/atomic-files";
import { selectItems } from "#node-agent/volumes/select-items";
import type { VolumeContext } from "#node-agent/volumes/volume";

/** What several volume types show: the contents of an object as files. */
type Files = Map<string, FileContent>;

export interface ObjectSource {
  readonly name: string;
  readonly items: readonly KeyToPath[] | undefined;
  readonly optional: boolean | undefined;
  readonly defaultMode: number;
}

export function configMapSource({ pod, objects }: VolumeContext, source: ObjectSource): Files {
  const object = objects.configMap(namespaceOf(pod), source.name);
  const isOptional = source.optional ?? false;
  if (!object && !isOptional) throw new ConfigError(`configmap "${source.name}" not found`);
  const files = object ? configMapFiles(object) : new Map<string, Buffer>();
  const { defaultMode } = source;
  return selectItems("configmap", files, source.items, { defaultMode, isOptional });
}

export function secretSource({ pod, objects }: VolumeContext, source: ObjectSource): Files {
  const object = objects.secret(namespaceOf(pod), source.name);
  const isOptional = source.optional ?? false;
  if (!object && !isOptional) throw new ConfigError(`secret "${source.name}" not found`);
  const files = object ? secretFiles(object) : new Map<string, Buffer>();
  const { defaultMode } = source;
  return selectItems("secret", files, source.items, { defaultMode, isOptional });
}

export function tokenSource(context: VolumeContext, path: string, mode: number): Files {
  const { pod, volume, objects } = context;
  const token = objects.token(uidOf(pod), volume.name, path);
  if (!token) {
    const account = pod.spec.serviceAccountName ?? "default";
    throw new NotYetError(`failed to fetch token: no token of serviceaccount "${account}" yet`);
  }
  return new Map([[path, { bytes: Buffer.from(token.token), mode }]]);
}

export function downwardSource(
  { pod, facts }: VolumeContext,
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number,
): Files {
  const files: Files = new Map();
  for (const { path, mode, fieldRef, resourceFieldRef } of items) {
    const text = fieldRef
      ? fieldValue(pod, fieldRef.fieldPath, facts)
      : resourceFieldRef
        ? resourceValue(pod, undefined, resourceFieldRef, facts)
        : "";
    files.set(path, { bytes: Buffer.from(text), mode: mode ?? defaultMode });
  }
  return files;
}
