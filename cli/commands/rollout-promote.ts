import { defineRolloutWord } from "#cli/rollout/word";
import { strategyWord } from "#cli/rollout/strategy-word";

export const rolloutPromoteCommand = defineRolloutWord({
  word: "promote",
  summary: "End the present step of a blue-green, canary or mirror roll-out now",
  flags: [{ name: "full", description: "end every step that is left, up to the switch" }],
  examples: [
    {
      command: "kaji rollout promote deployment/web",
      explains: "to the next step; after the switch, the old version goes now",
    },
    {
      command: "kaji rollout promote deployment/web --full",
      explains: "all requests to the new version",
    },
  ],
  done: "promoted",
  patchOf: (found, context) => strategyWord(found, "promote", context.isSet("full")),
});
