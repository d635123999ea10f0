import type { Deployment } from "#api/schema/types";
import { CommandError } from "#cli/define-command";
import { defineRolloutWord } from "#cli/rollout/word";
import { toTime } from "#kit/clock";

export const rolloutRestartCommand = defineRolloutWord({
  word: "restart",
  summary: "Replace the pods of a workload by new ones of the same template",
  examples: [
    { command: "kaji rollout restart deployment/web", explains: "rolled out like any new version" },
  ],
  done: "restarted",
  patchOf({ object, name }) {
    if ((object as Deployment).spec.paused) {
      throw new CommandError(
        `can't restart paused deployment: run \`kaji rollout resume ${name}\` first`,
      );
    }
    const annotations = { "kubectl.kubernetes.io/restartedAt": toTime(Date.now()) };
    return { spec: { template: { metadata: { annotations } } } };
  },
});
