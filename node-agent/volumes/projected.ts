import { rm } from "node:fs/promises";
import type { VolumeProjection } from "#api/schema/types";
import { ConfigError } from "#node-agent/objects";
import { type FileContent, writeFiles } from "#node-agent/volumes/atomic-files";
import {
  configMapSource,
  downwardSource,
  secretSource,
  tokenSource,
} from "#node-agent/volumes/sources";
import { defaultFileMode, type VolumeContext, type VolumeType } from "#node-agent/volumes/volume";

/** Several sources in one directory, a later one winning; in memory, since it may carry secrets and tokens. */
export const projectedVolume: VolumeType = {
  name: "projected",
  matches: (volume) => volume.projected !== undefined,
  async prepare(context) {
    const { sources = [], defaultMode = defaultFileMode } = context.volume.projected ?? {};
    const files = new Map<string, FileContent>();
    for (const source of sources) {
      for (const [path, file] of filesOf(context, source, defaultMode)) files.set(path, file);
    }
    await writeFiles(context.secretDirectory, files, context.pod.spec.securityContext?.fsGroup);
    return context.secretDirectory;
  },
  cleanup: ({ secretDirectory }) => rm(secretDirectory, { recursive: true, force: true }),
};

function filesOf(
  context: VolumeContext,
  source: VolumeProjection,
  defaultMode: number,
): Map<string, FileContent> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) {
    const { name = "", items, optional } = configMap;
    return configMapSource(context, { name, items, optional, defaultMode });
  }
  if (secret) {
    const { name = "", items, optional } = secret;
    return secretSource(context, { name, items, optional, defaultMode });
  }
  if (downwardAPI) return downwardSource(context, downwardAPI.items ?? [], defaultMode);
  if (serviceAccountToken) return tokenSource(context, serviceAccountToken.path, defaultMode);
  throw new ConfigError(
    `projected source ${Object.keys(source).join(", ")} is not supported by this node`,
  );
}
