import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatBytes, shortId } from "#cli/format";
import { openImages } from "#cli/images";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { rooms } from "#cli/rooms";
import { formatTable } from "#cli/table";

const formats = ["json", "yaml"] as const;

export const imagesDfCommand = defineCommand({
  name: "images df",
  group: "images",
  summary: "Show the disk space of images: what each has alone and what it shares",
  flags: [rootDirFlag, outputFlag(formats)],
  examples: [
    { command: "kaji images df", explains: "how much `kaji prune` would free is the last line" },
  ],
  async run(context) {
    const format = outputOf(context, formats);
    const usage = await (await openImages(context, "kaji images df")).diskUsage();
    if (format === "json" || format === "yaml") {
      context.print(await formatValue(format, usage));
      return;
    }
    const { familiarReference } = await rooms.imageReference();
    const rows = usage.images.map(({ id, references, uniqueBytes, sharedBytes }) => [
      familiarReference(references[0] ?? "<none>"),
      shortId(id),
      formatBytes(uniqueBytes),
      formatBytes(sharedBytes),
    ]);
    context.print(formatTable(["image", "id", "unique", "shared"], rows));
    context.print("");
    const total = formatBytes(usage.blobBytes + usage.layerBytes);
    context.print(
      `${total} in all: ${formatBytes(usage.blobBytes)} packed, ${formatBytes(usage.layerBytes)} unpacked`,
    );
    context.print(`${formatBytes(usage.reclaimableBytes)} can be freed with \`kaji prune\``);
  },
});
