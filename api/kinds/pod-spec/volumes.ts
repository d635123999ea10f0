import { duplicate, forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isDns1123Label } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validateClaimSpec } from "#api/kinds/persistent-volume-claim-rules";
import { validateProjected } from "#api/kinds/pod-spec/projected-volumes";
import {
  validateDownwardFiles,
  validateItems,
  validateMode,
} from "#api/kinds/pod-spec/volume-items";
import { validateQuantity } from "#api/kinds/rules/quantities";
import { each, optionalOneOf, requiredText } from "#api/kinds/rules/values";
import type { HostPathVolumeSource, Volume } from "#api/schema/types";

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

export function validateVolumes(volumes: Volume[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return each(path, volumes, (volume, at) => [
    ...validateVolumeName(volume.name, `${at}.name`, names),
    ...validateVolumeSource(volume, at),
  ]);
}

function validateVolumeName(name: string, field: string, seen: Set<string>): FieldError[] {
  if (!name) return [required(field)];
  const problems = isDns1123Label(name);
  if (problems.length > 0) return invalidEach(field, name, problems);
  if (seen.has(name)) return [duplicate(field, name)];
  seen.add(name);
  return [];
}

function validateVolumeSource(volume: Volume, path: string): FieldError[] {
  const [, ...more] = Object.entries(volume)
    .filter(([key, source]) => key !== "name" && source !== undefined)
    .map(([key]) => key);
  return [
    ...more.map((key) => forbidden(`${path}.${key}`, "may not specify more than 1 volume type")),
    ...validateFileSources(volume, path),
    ...validateHostSources(volume, path),
  ];
}

/** The volumes whose files come from the API. */
function validateFileSources(volume: Volume, path: string): FieldError[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  const found: FieldError[] = [];
  if (configMap) {
    const at = `${path}.configMap`;
    found.push(
      ...requiredText(`${at}.name`, configMap.name),
      ...validateMode(configMap.defaultMode, `${at}.defaultMode`),
      ...validateItems(configMap.items, `${at}.items`),
    );
  }
  if (secret) {
    const at = `${path}.secret`;
    found.push(
      ...requiredText(`${at}.secretName`, secret.secretName),
      ...validateMode(secret.defaultMode, `${at}.defaultMode`),
      ...validateItems(secret.items, `${at}.items`),
    );
  }
  if (downwardAPI) {
    const at = `${path}.downwardAPI`;
    found.push(
      ...validateMode(downwardAPI.defaultMode, `${at}.defaultMode`),
      ...validateDownwardFiles(downwardAPI.items, at),
    );
  }
  if (projected) found.push(...validateProjected(projected, `${path}.projected`));
  return found;
}

function validateHostSources(volume: Volume, path: string): FieldError[] {
  const found: FieldError[] = [];
  const sizeLimit = volume.emptyDir?.sizeLimit;
  if (sizeLimit !== undefined) {
    found.push(...validateQuantity(sizeLimit, `${path}.emptyDir.sizeLimit`));
  }
  if (volume.hostPath) found.push(...validateHostPath(volume.hostPath, `${path}.hostPath`));
  if (volume.persistentVolumeClaim) {
    const field = `${path}.persistentVolumeClaim.claimName`;
    found.push(...requiredText(field, volume.persistentVolumeClaim.claimName));
  }
  if (volume.ephemeral) {
    const spec = volume.ephemeral.volumeClaimTemplate?.spec;
    const at = `${path}.ephemeral.volumeClaimTemplate`;
    found.push(...(spec ? validateClaimSpec(spec, `${at}.spec`) : [required(at)]));
  }
  return found;
}

function validateHostPath(source: HostPathVolumeSource, path: string): FieldError[] {
  const found = optionalOneOf(`${path}.type`, source.type, hostPathTypes);
  if (!source.path) return [required(`${path}.path`), ...found];
  return source.path.split("/").includes("..")
    ? [invalid(`${path}.path`, source.path, "must not contain '..'"), ...found]
    : found;
}
