import { rm } from "node:fs/promises";
import { writeFiles } from "#node-agent/volumes/atomic-files";
import { downwardSource } from "#node-agent/volumes/sources";
import { defaultFileMode, type VolumeType } from "#node-agent/volumes/volume";

export const downwardApiVolume: VolumeType = {
  name: "downwardAPI",
  matches: (volume) => volume.downwardAPI !== undefined,
  async prepare(context) {
    const { items = [], defaultMode = defaultFileMode } = context.volume.downwardAPI ?? {};
    const files = downwardSource(context, items, defaultMode);
    await writeFiles(context.directory, files, context.pod.spec.securityContext?.fsGroup);
    return context.directory;
  },
  cleanup: ({ directory }) => rm(directory, { recursive: true, force: true }),
};
