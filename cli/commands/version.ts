import { defineCommand } from "#cli/define-command";
import { outputFlag, printDescription } from "#cli/output";
import { VERSION } from "#cli/version";

const KUBERNETES_API = "1.34";

export const versionCommand = defineCommand({
  name: "version",
  group: "other",
  summary: "Print the version of this program",
  flags: [outputFlag],
  examples: [
    { command: "kaji version", explains: "one line" },
    { command: "kaji version -o json", explains: "for programs" },
  ],
  async run(context) {
    await printDescription(context, {
      value: { kaji: VERSION, kubernetesApi: KUBERNETES_API, node: process.version },
      name: VERSION,
      lines: [`kaji ${VERSION} (Kubernetes API ${KUBERNETES_API}, node ${process.version})`],
    });
  },
});
