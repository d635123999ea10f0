import { completionScript, shells } from "#cli/completion/scripts";
import { CommandError, defineCommand } from "#cli/define-command";

export const completionCommand = defineCommand({
  name: "completion",
  group: "other",
  summary: "Print a script with which a shell completes kaji's commands and flags",
  args: [{ name: "shell", description: shells.join(", "), isRequired: true, values: shells }],
  examples: [
    {
      command: "kaji completion bash",
      explains: "for ~/.bashrc: `source <(kaji completion bash)`",
    },
    { command: "kaji completion fish", explains: "for ~/.config/fish/completions/kaji.fish" },
  ],
  async run(context) {
    const shell = shells.find((known) => known === context.args[0]);
    if (!shell) {
      throw new CommandError(`no completion for "${context.args[0]}": use ${shells.join(", ")}`);
    }
    const { commands } = await import("#cli/commands/index");
    context.print(completionScript(shell, commands).trimEnd());
  },
});
