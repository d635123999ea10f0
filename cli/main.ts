import { commands } from "#cli/commands/index";
import { CommandError } from "#cli/define-command";
import { buildProgram } from "#cli/program";
import { sentenceOf } from "#cli/sentence";
import { printable } from "#cli/table";

/** What shells answer for a program that SIGINT has ended. */
const INTERRUPTED = 130;

/** The command line's entry: runs one command; the process ends with its exit code. */
async function main(): Promise<void> {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  // A reader that has seen enough (kaji ... | head) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  process.on("uncaughtException", endWithSentence);
  try {
    const program = buildProgram(
      commands,
      (command, context) => command.run(context),
      abort.signal,
    );
    await program.parseAsync(process.argv);
  } catch (error) {
    if (abort.signal.aborted) {
      process.stderr.write("kaji: interrupted\n");
      process.exit(INTERRUPTED);
    }
    tell(error);
    // At once: a component that could not start has watches and servers open by then, and its keeper waits for its end.
    process.exit(error instanceof CommandError ? error.exitCode : 1);
  }
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
  process.exit(1);
}

await main();
