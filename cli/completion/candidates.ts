import type { Command, Completed, Flag } from "#cli/define-command";

/** What stands at the end of a command line that is being written. Pure. */
export interface Question {
  readonly command: Command;
  readonly wanted: Completed;
  /** What is there of the word. */
  readonly prefix: string;
  /** The arguments before it. */
  readonly args: readonly string[];
  /** The flags that have been given with a value, by name. */
  readonly flags: ReadonlyMap<string, string>;
}

/** `words`: without "kaji"; the last one is being written. undefined: nothing of the cluster belongs there. */
export function questionOf(
  commands: readonly Command[],
  words: readonly string[],
): Question | undefined {
  const command = commandOf(commands, words);
  if (!command) return undefined;
  const rest = words.slice(command.name.split(" ").length, -1);
  const prefix = words.at(-1) ?? "";
  const args: string[] = [];
  const flags = new Map<string, string>();
  let open: Flag | undefined;
  for (const word of rest) {
    if (open) {
      flags.set(open.name, word);
      open = undefined;
    } else if (word.startsWith("-")) {
      const [text = "", value] = word.split("=", 2);
      const flag = command.flags.find(({ name, short }) =>
        [`--${name}`, `-${short}`].includes(text),
      );
      if (flag?.value && value === undefined) open = flag;
      else if (flag && value !== undefined) flags.set(flag.name, value);
    } else args.push(word);
  }
  const wanted = open ? open.completes : argumentAt(command, args.length);
  return wanted ? { command, wanted, prefix, args, flags } : undefined;
}

/** The longest name that the words begin with. */
function commandOf(commands: readonly Command[], words: readonly string[]): Command | undefined {
  const [first = "", second = ""] = words.slice(0, -1);
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ??
    commands.find(({ name }) => name === first)
  );
}

function argumentAt({ args }: Command, index: number): Completed | undefined {
  const last = args.at(-1);
  return (args[index] ?? (last?.isVariadic ? last : undefined))?.completes;
}
