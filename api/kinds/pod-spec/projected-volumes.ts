import { forbidden, invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import {
  validateDownwardFiles,
  validateItems,
  validateMode,
  validateTargetPath,
} from "#api/kinds/pod-spec/volume-items";
import { each, requiredText } from "#api/kinds/rules/values";
import type {
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "#api/schema/types";

const MIN_TOKEN_LIFETIME_SECONDS = 600;
const MAX_TOKEN_LIFETIME_SECONDS = 2 ** 32;

export function validateProjected(source: ProjectedVolumeSource, path: string): FieldError[] {
  const taken = new Set<string>();
  return [
    ...validateMode(source.defaultMode, `${path}.defaultMode`),
    ...each(`${path}.sources`, source.sources, (projection, at) => [
      ...validateProjection(projection, at),
      ...validateTargets(projection, at, taken),
    ]),
  ];
}

function validateProjection(projection: VolumeProjection, path: string): FieldError[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = projection;
  const [, ...more] = Object.entries(projection)
    .filter(([, source]) => source !== undefined)
    .map(([key]) => key);
  const found = more.map((key) =>
    forbidden(`${path}.${key}`, "may not specify more than 1 volume type"),
  );
  for (const [key, source] of Object.entries({ configMap, secret })) {
    if (!source) continue;
    found.push(...requiredText(`${path}.${key}.name`, source.name));
    found.push(...validateItems(source.items, `${path}.${key}.items`));
  }
  if (downwardAPI) found.push(...validateDownwardFiles(downwardAPI.items, `${path}.downwardAPI`));
  if (serviceAccountToken) {
    found.push(...validateToken(serviceAccountToken, `${path}.serviceAccountToken`));
  }
  return found;
}

function validateToken(token: ServiceAccountTokenProjection, path: string): FieldError[] {
  const found = validateTargetPath(token.path, `${path}.path`);
  const field = `${path}.expirationSeconds`;
  const seconds = token.expirationSeconds;
  if (seconds !== undefined && seconds < MIN_TOKEN_LIFETIME_SECONDS) {
    found.push(invalid(field, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds !== undefined && seconds > MAX_TOKEN_LIFETIME_SECONDS) {
    found.push(invalid(field, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  return found;
}

/** Two sources of one volume may not write one file. */
function validateTargets(
  projection: VolumeProjection,
  path: string,
  taken: Set<string>,
): FieldError[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = projection;
  const targets = [
    ...(configMap?.items ?? []),
    ...(secret?.items ?? []),
    ...(downwardAPI?.items ?? []),
    ...(serviceAccountToken ? [serviceAccountToken] : []),
  ].map((item) => item.path);
  return targets.flatMap((target) => {
    if (!target) return [];
    if (taken.has(target)) return [invalid(path, target, "conflicting duplicate paths")];
    taken.add(target);
    return [];
  });
}
