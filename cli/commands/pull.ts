import { defineCommand, rootDirFlag } from "#cli/define-command";
import { PullDisplay } from "#cli/image-progress";
import { insecureRegistries, openImages, registryAuth, registryFlags } from "#cli/images";
import { rooms } from "#cli/rooms";

export const pullCommand = defineCommand({
  name: "pull",
  group: "images",
  summary: "Bring an image from a registry to this host",
  args: [{ name: "reference", description: "the image", isRequired: true }],
  flags: [
    rootDirFlag,
    {
      name: "platform",
      value: "OS/ARCH",
      description: "of an image for several (default: this machine's)",
    },
    ...registryFlags,
  ],
  examples: [
    { command: "kaji pull nginx:1.27", explains: "from Docker Hub" },
    {
      command: "kaji pull registry.example.org/web:v1 --user me --password-stdin",
      explains: "with a password from stdin",
    },
  ],
  async run(context) {
    const [reference = ""] = context.args;
    const auth = await registryAuth(context);
    const insecure = await insecureRegistries(context, reference);
    const images = await openImages(context, "kaji pull", insecure);
    const platform = context.flag("platform");
    const display = new PullDisplay();
    try {
      const image = await images.pull(reference, {
        ...(auth ? { auth } : {}),
        ...(platform ? { platform: (await rooms.imagePlatform()).parsePlatform(platform) } : {}),
        onProgress: (progress) => display.report(progress),
        signal: context.signal,
      });
      display.end();
      context.print(image.id);
    } finally {
      display.end();
    }
  },
});
