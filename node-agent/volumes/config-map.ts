import { rm } from "node:fs/promises";
import { writeFiles } from "#node-agent/volumes/atomic-files";
import { configMapSource } from "#node-agent/volumes/sources";
import { defaultFileMode, type VolumeType } from "#node-agent/volumes/volume";

export const configMapVolume: VolumeType = {
  name: "configMap",
  matches: (volume) => volume.configMap !== undefined,
  async prepare(context) {
    const {
      name = "",
      items,
      optional,
      defaultMode = defaultFileMode,
    } = context.volume.configMap ?? {};
    const files = configMapSource(context, { name, items, optional, defaultMode });
    await writeFiles(context.directory, files, context.pod.spec.securityContext?.fsGroup);
    return context.directory;
  },
  cleanup: ({ directory }) => rm(directory, { recursive: true, force: true }),
};
