import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { openImages } from "#cli/images";

export const rmiCommand = defineCommand({
  name: "rmi",
  group: "images",
  summary: "Remove images: by name the name, by id the image with all its names",
  args: [
    {
      name: "image",
      description: "names or ids",
      isRequired: true,
      isVariadic: true,
      completes: "images",
    },
  ],
  flags: [rootDirFlag],
  examples: [
    {
      command: "kaji rmi web:v1",
      explains: "an image that a container uses keeps its content until the container is gone",
    },
  ],
  async run(context) {
    const images = await openImages(context, "kaji rmi");
    for (const name of context.args) {
      if ((await images.status(name)) === undefined) {
        throw new CommandError(
          `no image "${name}" on this host: \`kaji images\` lists those there are`,
        );
      }
    }
    for (const name of context.args) {
      await images.remove(name);
      context.print(`removed ${name}`);
    }
  },
});
