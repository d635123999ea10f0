import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { withBuildRunner } from "#cli/build-runner";
import { type CommandContext, CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { BuildDisplay } from "#cli/image-progress";
import { openImages, pairsOf } from "#cli/images";
import { locationsFor } from "#kit/locations";

export const buildCommand = defineCommand({
  name: "build",
  group: "images",
  summary: "Build an image from a Dockerfile",
  args: [
    {
      name: "context",
      completes: "files",
      description: "folder that COPY and ADD read (default: this one)",
      isRequired: false,
    },
  ],
  flags: [
    rootDirFlag,
    {
      name: "tag",
      short: "t",
      value: "NAME",
      description: "name for the image",
      isRepeatable: true,
    },
    {
      name: "file",
      completes: "files",
      short: "f",
      value: "FILE",
      description: "the Dockerfile (default: CONTEXT/Dockerfile)",
    },
    {
      name: "build-arg",
      value: "NAME=VALUE",
      description: "a value for an ARG of the Dockerfile",
      isRepeatable: true,
    },
    { name: "label", value: "NAME=VALUE", description: "a label of the image", isRepeatable: true },
    { name: "target", value: "STAGE", description: "the stage to stop at (default: the last)" },
    { name: "no-cache", description: "carry out every step again" },
    { name: "pull", description: "ask the registry for base images that are stored, too" },
  ],
  examples: [
    {
      command: "kaji build . --tag example.org/web:v1",
      explains: "build this folder's Dockerfile; prints the digest",
    },
    {
      command: "kaji build web -f web/Dockerfile.release -t web:v2 --build-arg VERSION=2",
      explains: "another Dockerfile, with an argument",
    },
  ],
  async run(context) {
    const contextDir = resolve(context.args[0] ?? ".");
    requireFolder(contextDir);
    requireNoFolder(context.flag("file"));
    const images = await openImages(context, "kaji build");
    const display = new BuildDisplay();
    const file = context.flag("file");
    try {
      const result = await withBuildRunner(
        locationsFor(context.flag("root-dir")),
        images,
        (runCommand) =>
          images.build({
            contextDir,
            ...(file === undefined ? {} : { dockerfile: isAbsolute(file) ? file : resolve(file) }),
            ...optionsOf(context),
            runCommand,
            onProgress: (progress) => display.report(progress),
            signal: context.signal,
          }),
      );
      display.end();
      for (const tag of context.flags("tag")) context.note(`tagged ${tag}`);
      context.print(result.image.id);
    } finally {
      display.end();
    }
  },
});

function optionsOf(context: CommandContext) {
  const target = context.flag("target");
  return {
    tags: context.flags("tag"),
    buildArgs: pairsOf(context, "build-arg"),
    labels: pairsOf(context, "label"),
    usesCache: !context.isSet("no-cache"),
    pulls: context.isSet("pull") ? ("always" as const) : ("missing" as const),
    ...(target === undefined ? {} : { target }),
  };
}

function requireNoFolder(file: string | undefined): void {
  if (file === undefined || !statSync(file, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new CommandError(`the Dockerfile ${file} is a folder: name the file in it with --file`);
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new CommandError(
    `the build context ${path} is not a folder: name the folder that the Dockerfile copies from`,
  );
}
