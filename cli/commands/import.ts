import { defineCommand, rootDirFlag } from "#cli/define-command";
import { openImages, requireFile } from "#cli/images";
import { whileWaiting } from "#cli/waiting";

export const importCommand = defineCommand({
  name: "import",
  group: "images",
  summary: "Take in a root file system (tar), a docker-archive or an OCI layout as images",
  args: [
    {
      name: "file",
      completes: "files",
      description: "the archive or folder; - reads stdin",
      isRequired: true,
    },
    {
      name: "reference",
      description: "name for the image (archives may have names of their own)",
      isRequired: false,
    },
  ],
  flags: [rootDirFlag],
  examples: [
    {
      command: "kaji import rootfs.tar example.org/base:latest",
      explains: "a file system becomes an image",
    },
    {
      command: "kaji import saved.tar",
      explains: "what `docker save`, `skopeo copy` or `kaji save` wrote",
    },
  ],
  async run(context) {
    const [file = "", reference] = context.args;
    if (file !== "-") requireFile(file, "the archive");
    const images = await openImages(context, "kaji import");
    const source = file === "-" ? { stream: process.stdin } : { path: file };
    const imported = await whileWaiting(`importing ${file}`, () =>
      images.import(source, reference === undefined ? {} : { reference }),
    );
    for (const image of imported) {
      context.note(`imported ${image.references.join(", ") || "an image without a name"}`);
      context.print(image.id);
    }
  },
});
