import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { openImages } from "#cli/images";
import { whileWaiting } from "#cli/waiting";

const formats = { docker: "docker-archive", oci: "oci-archive" } as const;

export const saveCommand = defineCommand({
  name: "save",
  group: "images",
  summary: "Write images to an archive that docker, podman and skopeo read",
  args: [
    {
      name: "reference",
      description: "the images",
      isRequired: true,
      isVariadic: true,
      completes: "images",
    },
  ],
  flags: [
    rootDirFlag,
    {
      name: "output",
      completes: "files",
      short: "o",
      value: "FILE",
      description: "where to; - is stdout",
      default: "-",
    },
    {
      name: "format",
      value: "FORMAT",
      description: "docker or oci",
      default: "docker",
      values: Object.keys(formats),
    },
  ],
  examples: [
    { command: "kaji save example.org/web:v1 -o web.tar", explains: "one image" },
    {
      command: "kaji save web:v1 web:v2 --format oci -o web.tar",
      explains: "two images in an OCI layout; what they share is written once",
    },
  ],
  async run(context) {
    const format = context.flag("format") ?? "";
    if (format !== "docker" && format !== "oci") {
      throw new CommandError(`--format ${format} is not known: use docker or oci`);
    }
    const output = context.flag("output") ?? "-";
    if (output === "-" && process.stdout.isTTY) {
      throw new CommandError(
        "an archive is not for the terminal: name a file with -o, or pipe stdout",
      );
    }
    if (output !== "-") requireFolderOf(output);
    const images = await openImages(context, "kaji save");
    await whileWaiting(`saving ${context.args.join(", ")}`, () =>
      images.save(context.args, {
        format: formats[format],
        to: output === "-" ? process.stdout : output,
      }),
    );
    if (output !== "-") context.note(`wrote ${output}`);
  },
});

function requireFolderOf(path: string): void {
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`there is no folder ${folder} to write to: make it, or name another`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CommandError(`${path} is a folder: name a file with -o`);
  }
}
