import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatBytes, shortId } from "#cli/format";
import { openImages } from "#cli/images";
import { outputFlag, outputOf, printListing } from "#cli/output";
import { rooms } from "#cli/rooms";

export const imagesDfCommand = defineCommand({
  name: "images df",
  group: "images",
  summary: "Show the disk space of images: what each has alone and what it shares",
  flags: [rootDirFlag, outputFlag],
  examples: [
    { command: "kaji images df", explains: "how much `kaji prune` would free is the last line" },
  ],
  async run(context) {
    const usage = await (await openImages(context, "kaji images df")).diskUsage();
    const { familiarReference } = await rooms.imageReference();
    await printListing(context, {
      rows: usage.images,
      columns: [
        { name: "image", value: ({ references }) => familiarReference(references[0] ?? "<none>") },
        { name: "id", value: ({ id }) => shortId(id) },
        { name: "unique", value: ({ uniqueBytes }) => formatBytes(uniqueBytes) },
        { name: "shared", value: ({ sharedBytes }) => formatBytes(sharedBytes) },
      ],
      nameOf: ({ id, references: [name] }) => (name === undefined ? id : familiarReference(name)),
      value: usage,
      none: "no images on this host",
    });
    if (!["table", "wide"].includes(outputOf(context))) return;
    const total = formatBytes(usage.blobBytes + usage.layerBytes);
    context.print("");
    context.print(
      `${total} in all: ${formatBytes(usage.blobBytes)} packed, ${formatBytes(usage.layerBytes)} unpacked`,
    );
    context.print(`${formatBytes(usage.reclaimableBytes)} can be freed with \`kaji prune\``);
  },
});
