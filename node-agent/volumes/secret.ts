import { rm } from "node:fs/promises";
import { writeFiles } from "#node-agent/volumes/atomic-files";
import { secretSource } from "#node-agent/volumes/sources";
import { defaultFileMode, type VolumeType } from "#node-agent/volumes/volume";

/** Lives in memory only. */
export const secretVolume: VolumeType = {
  name: "secret",
  matches: (volume) => volume.secret !== undefined,
  async prepare(context) {
    const {
      secretName = "",
      items,
      optional,
      defaultMode = defaultFileMode,
    } = context.volume.secret ?? {};
    const files = secretSource(context, { name: secretName, items, optional, defaultMode });
    await writeFiles(context.secretDirectory, files, context.pod.spec.securityContext?.fsGroup);
    return context.secretDirectory;
  },
  cleanup: ({ secretDirectory }) => rm(secretDirectory, { recursive: true, force: true }),
};
