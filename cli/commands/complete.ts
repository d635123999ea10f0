import { questionOf } from "#cli/completion/candidates";
import { defineCommand } from "#cli/define-command";

/** A shell waits for this: who has pressed the key does not wait long. */
const ANSWER_WITHIN_MS = 1_500;

export const completeCommand = defineCommand({
  name: "complete",
  group: "other",
  summary:
    "Print what could stand at the end of a command line; shells ask it, and failures are silent",
  args: [
    {
      name: "word",
      description: "the words after kaji, the last one as far as it is written",
      isRequired: false,
      isVariadic: true,
    },
  ],
  examples: [
    {
      command: "kaji complete -- get pods we",
      explains: "the pods that begin with we, a line each",
    },
  ],
  async run(context) {
    const deadline = setTimeout(() => process.exit(0), ANSWER_WITHIN_MS);
    try {
      const { commands } = await import("#cli/commands/index");
      const question = questionOf(commands, context.args);
      if (!question) return;
      const { answersTo } = await import("#cli/completion/answers");
      for (const word of await answersTo(context, question)) context.print(word);
    } catch {
      // A shell would show the sentence in the middle of the line that is being written.
    } finally {
      clearTimeout(deadline);
    }
  },
});
