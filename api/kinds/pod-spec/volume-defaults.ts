import { setClaimSpecDefaults } from "#api/kinds/persistent-volume-claim-rules";
import { canonicalOrAsIs } from "#api/kinds/rules/quantities";
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from "#api/schema/types";

const DEFAULT_FILE_MODE = 0o644;
const DEFAULT_TOKEN_LIFETIME_SECONDS = 3600;

/** Mutates the volume. */
export function defaultVolume(volume: Volume): void {
  const hasSource = Object.entries(volume).some(([key, source]) => key !== "name" && source);
  if (!hasSource) volume.emptyDir = {};
  if (volume.emptyDir?.sizeLimit !== undefined) {
    volume.emptyDir.sizeLimit = canonicalOrAsIs(volume.emptyDir.sizeLimit);
  }
  if (volume.hostPath) volume.hostPath.type ??= "";
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
  if (claim) setClaimSpecDefaults(claim);
  for (const source of [volume.configMap, volume.secret, volume.downwardAPI, volume.projected]) {
    if (source) source.defaultMode ??= DEFAULT_FILE_MODE;
  }
  defaultDownwardFiles(volume.downwardAPI?.items);
  for (const source of volume.projected?.sources ?? []) defaultProjection(source);
}

function defaultProjection(source: VolumeProjection): void {
  if (source.serviceAccountToken) {
    source.serviceAccountToken.expirationSeconds ??= DEFAULT_TOKEN_LIFETIME_SECONDS;
  }
  defaultDownwardFiles(source.downwardAPI?.items);
}

function defaultDownwardFiles(files: DownwardAPIVolumeFile[] | undefined): void {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef) fieldRef.apiVersion ||= "v1";
    if (resourceFieldRef) {
      resourceFieldRef.divisor = canonicalOrAsIs(resourceFieldRef.divisor ?? "0");
    }
  }
}
