import { CommandError } from "#cli/define-command";
import { asDeployment, qualifiedName } from "#cli/rollout/workload";
import { defineRolloutWord } from "#cli/rollout/word";

export const rolloutPauseCommand = defineRolloutWord({
  word: "pause",
  summary: "Stop a Deployment's roll-out where it is",
  examples: [
    {
      command: "kaji rollout pause deployment/web",
      explains: "its template may be changed meanwhile, and nothing follows",
    },
  ],
  done: "paused",
  patchOf(found) {
    if (asDeployment(found, "pausing").spec.paused) {
      throw new CommandError(`${qualifiedName(found.target)} is already paused`);
    }
    return { spec: { paused: true } };
  },
});
