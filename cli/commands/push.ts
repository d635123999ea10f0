import { defineCommand, rootDirFlag } from "#cli/define-command";
import { PushDisplay } from "#cli/image-progress";
import { insecureRegistries, openImages, registryAuth, registryFlags } from "#cli/images";

export const pushCommand = defineCommand({
  name: "push",
  group: "images",
  summary: "Send an image of this host to the registry in its name",
  args: [{ name: "reference", description: "the image", isRequired: true, completes: "images" }],
  flags: [rootDirFlag, ...registryFlags],
  examples: [
    {
      command: "kaji push registry.example.org/web:v1 --user me:secret",
      explains: "uploads what the registry does not have",
    },
  ],
  async run(context) {
    const [reference = ""] = context.args;
    const auth = await registryAuth(context);
    const insecure = await insecureRegistries(context, reference);
    const images = await openImages(context, "kaji push", insecure);
    const display = new PushDisplay();
    try {
      const digest = await images.push(reference, {
        ...(auth ? { auth } : {}),
        onProgress: (progress) => display.report(progress),
        signal: context.signal,
      });
      display.end();
      context.print(digest);
    } finally {
      display.end();
    }
  },
});
