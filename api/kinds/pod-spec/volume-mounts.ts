import { forbidden, invalid, notFound, required } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { validateDescendingPath } from "#api/kinds/pod-spec/volume-items";
import { each, optionalOneOf } from "#api/kinds/rules/values";
import type { Container, EphemeralContainer, VolumeMount } from "#api/schema/types";

const propagations = ["Bidirectional", "HostToContainer", "None"];

export function validateVolumeMounts(
  container: Container | EphemeralContainer,
  path: string,
  volumeNames: ReadonlySet<string>,
): FieldError[] {
  const mountPaths = new Set<string>();
  const isPrivileged = container.securityContext?.privileged === true;
  return each(path, container.volumeMounts, (mount, at) => [
    ...validateVolume(mount.name, `${at}.name`, volumeNames),
    ...validateMountPath(mount.mountPath, `${at}.mountPath`, mountPaths),
    ...validateSubPath(mount, at),
    ...optionalOneOf(`${at}.mountPropagation`, mount.mountPropagation, propagations),
    ...(mount.mountPropagation === "Bidirectional" && !isPrivileged
      ? [
          forbidden(
            `${at}.mountPropagation`,
            "Bidirectional mount propagation is available only to privileged containers",
          ),
        ]
      : []),
  ]);
}

function validateVolume(name: string, field: string, known: ReadonlySet<string>): FieldError[] {
  if (!name) return [required(field), notFound(field, "")];
  return known.has(name) ? [] : [notFound(field, name)];
}

function validateMountPath(target: string, field: string, seen: Set<string>): FieldError[] {
  if (!target) return [required(field)];
  if (seen.has(target)) return [invalid(field, target, "must be unique")];
  seen.add(target);
  return [];
}

function validateSubPath(mount: VolumeMount, path: string): FieldError[] {
  const { subPath, subPathExpr } = mount;
  const found: FieldError[] = [];
  if (subPath) found.push(...validateDescendingPath(subPath, `${path}.subPath`));
  if (subPathExpr) {
    found.push(...validateDescendingPath(subPathExpr, `${path}.subPathExpr`));
    if (subPath) {
      const detail = "subPathExpr and subPath are mutually exclusive";
      found.push(invalid(`${path}.subPathExpr`, subPathExpr, detail));
    }
  }
  return found;
}
