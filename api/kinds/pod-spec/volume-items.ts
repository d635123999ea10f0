import { invalid, invalidEach, required } from "#api/machinery/field-path";
import { isConfigMapKey } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import {
  validateFieldRef,
  validateResourceFieldRef,
  volumeFieldPaths,
} from "#api/kinds/pod-spec/environment";
import { each } from "#api/kinds/rules/values";
import type { DownwardAPIVolumeFile, KeyToPath } from "#api/schema/types";

const MAX_MODE = 0o777;

export function validateMode(mode: number | undefined, field: string): FieldError[] {
  return mode !== undefined && (mode < 0 || mode > MAX_MODE)
    ? [invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")]
    : [];
}

export function validateItems(items: KeyToPath[] | undefined, path: string): FieldError[] {
  return each(path, items, ({ key, mode, path: target }, at) => [
    ...(key ? invalidEach(`${at}.key`, key, isConfigMapKey(key)) : [required(`${at}.key`)]),
    ...validateTargetPath(target, `${at}.path`),
    ...validateMode(mode, `${at}.mode`),
  ]);
}

export function validateDownwardFiles(
  files: DownwardAPIVolumeFile[] | undefined,
  path: string,
): FieldError[] {
  return (files ?? []).flatMap((file) => {
    const { fieldRef, resourceFieldRef } = file;
    const found = validateTargetPath(file.path, `${path}.path`);
    if (fieldRef) found.push(...validateFieldRef(fieldRef, `${path}.fieldRef`, volumeFieldPaths));
    if (resourceFieldRef) {
      const at = `${path}.resourceFieldRef`;
      found.push(...validateResourceFieldRef(resourceFieldRef, at));
      if (!resourceFieldRef.containerName) found.push(required(`${at}.containerName`));
      if (fieldRef) {
        const detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
        found.push(invalid(path, "resource", detail));
      }
    } else if (!fieldRef) {
      found.push(required(path, "one of fieldRef and resourceFieldRef is required"));
    }
    return [...found, ...validateMode(file.mode, `${path}.mode`)];
  });
}

/** A file's place inside its volume; names with ".." at the start are the volume's own. */
export function validateTargetPath(target: string | undefined, field: string): FieldError[] {
  if (!target) return [required(field)];
  const found = validateDescendingPath(target, field);
  return target.startsWith("..") && !target.startsWith("../") && target !== ".."
    ? [...found, invalid(field, target, "must not start with '..'")]
    : found;
}

/** A path that stays below the directory that it starts from. */
export function validateDescendingPath(target: string, field: string): FieldError[] {
  const found: FieldError[] = [];
  if (target.startsWith("/")) found.push(invalid(field, target, "must be a relative path"));
  if (target.split("/").includes("..")) {
    found.push(invalid(field, target, "must not contain '..'"));
  }
  return found;
}
