import { claimVolume } from "#node-agent/volumes/claim";
import { configMapVolume } from "#node-agent/volumes/config-map";
import { downwardApiVolume } from "#node-agent/volumes/downward-api";
import { emptyDirVolume } from "#node-agent/volumes/empty-dir";
import { hostPathVolume } from "#node-agent/volumes/host-path";
import { projectedVolume } from "#node-agent/volumes/projected";
import { secretVolume } from "#node-agent/volumes/secret";
import type { VolumeType } from "#node-agent/volumes/volume";

export const volumeTypes: readonly VolumeType[] = [
  emptyDirVolume,
  configMapVolume,
  secretVolume,
  projectedVolume,
  downwardApiVolume,
  hostPathVolume,
  claimVolume,
];
