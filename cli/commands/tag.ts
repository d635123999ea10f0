import { defineCommand, rootDirFlag } from "#cli/define-command";
import { openImages } from "#cli/images";

export const tagCommand = defineCommand({
  name: "tag",
  group: "images",
  summary: "Give an image another name",
  args: [
    { name: "source", description: "a name or id", isRequired: true, completes: "images" },
    { name: "target", description: "the new name", isRequired: true },
  ],
  flags: [rootDirFlag],
  examples: [
    { command: "kaji tag web:v1 registry.example.org/web:v1", explains: "name it for a push" },
  ],
  async run(context) {
    const [source = "", target = ""] = context.args;
    const image = await (await openImages(context, "kaji tag")).tag(source, target);
    context.print(image.id);
  },
});
