import { CommandError } from "#cli/define-command";
import { asDeployment, qualifiedName } from "#cli/rollout/workload";
import { defineRolloutWord } from "#cli/rollout/word";

export const rolloutResumeCommand = defineRolloutWord({
  word: "resume",
  summary: "Let a paused Deployment's roll-out go on",
  examples: [
    { command: "kaji rollout resume deployment/web", explains: "from where it was paused" },
  ],
  done: "resumed",
  patchOf(found) {
    if (!asDeployment(found, "resuming").spec.paused) {
      throw new CommandError(`${qualifiedName(found.target)} is not paused`);
    }
    return { spec: { paused: null } };
  },
});
