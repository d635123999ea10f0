import { createInterface } from "node:readline/promises";
import { type CommandContext, CommandError, type Flag } from "#cli/define-command";

export const yesFlag: Flag = {
  name: "yes",
  short: "y",
  description: "do it without asking; needed where nobody can be asked, as in a script",
};

/** Throws CommandError unless the user agrees. Caller must: have `yesFlag` among the command's flags. */
export async function confirm(context: CommandContext, question: string): Promise<void> {
  if (context.isSet("yes")) return;
  if (!process.stdin.isTTY) {
    throw new CommandError(`${question} Nobody can be asked here: give --yes to go on`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: context.signal });
    if (/^y(?:es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new CommandError("nothing was done, as you wished");
}
