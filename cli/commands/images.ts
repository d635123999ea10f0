import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatAge, formatBytes, shortId } from "#cli/format";
import { openImages } from "#cli/images";
import { type Column, outputFlag, printListing } from "#cli/output";
import { type Image, rooms } from "#cli/rooms";

export const imagesCommand = defineCommand({
  name: "images",
  group: "images",
  summary: "List the images of this host",
  flags: [rootDirFlag, { name: "quiet", short: "q", description: "print ids only" }, outputFlag],
  examples: [
    { command: "kaji images", explains: "a table" },
    { command: "kaji images -o json", explains: "everything that is known of each image" },
  ],
  async run(context) {
    const images = await (await openImages(context, "kaji images")).list();
    if (context.isSet("quiet")) {
      for (const { id } of images) context.print(id);
      return;
    }
    const { familiarReference } = await rooms.imageReference();
    await printListing(context, {
      rows: images.flatMap((image) =>
        (image.references.length > 0 ? image.references : [NO_NAME]).map((reference) => ({
          image,
          name: familiarReference(reference),
        })),
      ),
      columns: columnsAt(Date.now()),
      nameOf: ({ name, image }) => (name === NO_NAME ? image.id : name),
      value: images,
      none: "no images on this host: `kaji pull` brings one, `kaji build` makes one",
    });
  },
});

const NO_NAME = "<none>";

interface NamedImage {
  readonly image: Image;
  readonly name: string;
}

function columnsAt(nowMs: number): readonly Column<NamedImage>[] {
  return [
    { name: "image", value: ({ name }) => name },
    { name: "id", value: ({ image }) => shortId(image.id) },
    { name: "size", value: ({ image }) => formatBytes(image.sizeBytes) },
    { name: "created", value: ({ image }) => ageOf(image, nowMs) },
    {
      name: "platform",
      isWide: true,
      value: ({ image }) => `${image.os}/${image.architecture}`,
    },
    { name: "digest", isWide: true, value: ({ image }) => image.repoDigests[0] ?? NO_NAME },
  ];
}

/** A build that can be repeated dates its image to the epoch: that is no age. */
function ageOf({ createdAt }: Image, nowMs: number): string {
  const createdMs = createdAt === undefined ? 0 : Date.parse(createdAt);
  return createdMs > 0 ? `${formatAge(nowMs - createdMs)} ago` : NO_NAME;
}
