import { setMaxListeners } from "node:events";
import { commands } from "#cli/commands/index";
import { type Command, CommandError, firstWordOf } from "#cli/define-command";
import { buildProgram } from "#cli/program";
import { sentenceOf } from "#cli/sentence";
import { printable } from "#cli/table";

/** What shells answer for a program that SIGINT has ended. */
const INTERRUPTED = 130;
/** As Node ends a program that waits for what can never come. */
const UNSETTLED = 13;

/** The command line's entry: runs one command; the process ends with its exit code. */
async function main(): Promise<void> {
  const abort = new AbortController();
  // Every request under way listens.
  setMaxListeners(0, abort.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  // A reader that has seen enough (kaji ... | head) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  process.on("uncaughtException", endWithSentence);
  // Not as process.exitCode beforehand: the parser ends with that after help.
  process.once("beforeExit", endUnsettled);
  try {
    const program = buildProgram(
      commandsMeant(process.argv),
      (command, context) => command.run(context),
      abort.signal,
    );
    await program.parseAsync(process.argv);
    process.off("beforeExit", endUnsettled);
  } catch (error) {
    if (abort.signal.aborted) {
      process.stderr.write("kaji: interrupted\n");
      process.exit(INTERRUPTED);
    }
    tell(error);
    // A component that could not start has watches and servers open by then, and its keeper waits for its end.
    exitWhenRead(error instanceof CommandError ? error.exitCode : 1, abort.signal);
  }
}

function endUnsettled(): void {
  tell("the command ended before it was done: it waited for what could never come");
  process.exit(UNSETTLED);
}

/** Those of the first word; all of them where it is none, so that help and "did you mean" know them. */
function commandsMeant([, , word = ""]: readonly string[]): readonly Command[] {
  const meant = commands.filter((command) => firstWordOf(command) === word);
  return meant.length > 0 ? meant : commands;
}

/** Once a slow reader of a pipe has what was written. Ctrl-C does not wait for it. */
function exitWhenRead(code: number, signal?: AbortSignal): void {
  signal?.addEventListener("abort", () => process.exit(INTERRUPTED));
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

/** In one sentence, without what other people's words could do to the terminal. */
function tell(error: unknown): void {
  process.stderr.write(`kaji: ${sentenceOf(error).split("\n").map(printable).join("\n")}\n`);
  if (process.env.KAJI_STACK && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** What nobody waited for, such as a stream that could not be opened. Components have a listener of their own. */
function endWithSentence(error: unknown): void {
  if (process.listenerCount("uncaughtException") > 1) return;
  tell(error);
  exitWhenRead(1);
}

void main();
