import { defineCommand } from "#cli/define-command";
import { VERSION } from "#cli/version";

export const versionCommand = defineCommand({
  name: "version",
  group: "other",
  summary: "Print the version of this program",
  examples: [{ command: "kaji version", explains: "one line" }],
  async run(context) {
    context.print(`kaji ${VERSION} (Kubernetes API 1.34, node ${process.version})`);
  },
});
