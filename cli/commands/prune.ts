import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatBytes } from "#cli/format";
import { openImages } from "#cli/images";

export const pruneCommand = defineCommand({
  name: "prune",
  group: "images",
  summary: "Free the space of images that nothing names or uses",
  flags: [
    rootDirFlag,
    {
      name: "all",
      short: "a",
      description: "also named images that no container uses, and the build cache",
    },
  ],
  examples: [
    { command: "kaji prune", explains: "safe at any time, also while pods run" },
    { command: "kaji prune --all", explains: "what pods need again will be pulled again" },
  ],
  async run(context) {
    const images = await openImages(context, "kaji prune");
    const report = await images.prune({ all: context.isSet("all") });
    for (const digest of report.images) context.print(`removed ${digest}`);
    context.print(`freed ${formatBytes(report.freedBytes)}`);
  },
});
