import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatAge, formatBytes, shortId } from "#cli/format";
import { openImages } from "#cli/images";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { type Image, rooms } from "#cli/rooms";
import { formatTable } from "#cli/table";

const formats = ["wide", "json", "yaml"] as const;

export const imagesCommand = defineCommand({
  name: "images",
  group: "images",
  summary: "List the images of this host",
  flags: [
    rootDirFlag,
    { name: "quiet", short: "q", description: "print ids only" },
    outputFlag(formats),
  ],
  examples: [
    { command: "kaji images", explains: "a table" },
    { command: "kaji images -o json", explains: "everything that is known of each image" },
  ],
  async run(context) {
    const format = outputOf(context, formats);
    const images = await (await openImages(context, "kaji images")).list();
    if (context.isSet("quiet")) {
      for (const { id } of images) context.print(id);
      return;
    }
    if (format === "json" || format === "yaml") {
      context.print(await formatValue(format, images));
      return;
    }
    const { familiarReference } = await rooms.imageReference();
    const isWide = format === "wide";
    const nowMs = Date.now();
    const header = ["image", "id", "size", "created", ...(isWide ? ["platform", "digest"] : [])];
    const rows = images.flatMap((image) =>
      (image.references.length > 0 ? image.references : ["<none>"]).map((name) => [
        familiarReference(name),
        shortId(image.id),
        formatBytes(image.sizeBytes),
        ageOf(image, nowMs),
        ...(isWide ? [`${image.os}/${image.architecture}`, image.repoDigests[0] ?? "<none>"] : []),
      ]),
    );
    context.print(formatTable(header, rows));
  },
});

/** A build that can be repeated dates its image to the epoch: that is no age. */
function ageOf({ createdAt }: Image, nowMs: number): string {
  const createdMs = createdAt === undefined ? 0 : Date.parse(createdAt);
  return createdMs > 0 ? `${formatAge(nowMs - createdMs)} ago` : "<none>";
}
