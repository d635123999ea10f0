import { defineRolloutWord } from "#cli/rollout/word";
import { strategyWord } from "#cli/rollout/strategy-word";

export const rolloutAbortCommand = defineRolloutWord({
  word: "abort",
  summary: "Give up a blue-green, canary or mirror roll-out: back to the former version now",
  examples: [
    { command: "kaji rollout abort deployment/web", explains: "in one switch, with its template" },
  ],
  done: "aborted",
  patchOf: (found) => strategyWord(found, "abort", false),
});
