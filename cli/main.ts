import { commands } from "#cli/commands/index";
import { CommandError } from "#cli/define-command";
import { buildProgram } from "#cli/program";
import { sentenceOf } from "#cli/sentence";

/** What shells answer for a program that SIGINT has ended. */
const INTERRUPTED = 130;

/** The command line's entry: runs one command and sets the exit code. */
async function main(): Promise<void> {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  // A reader that has seen enough (kaji ... | head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
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
      process.exitCode = INTERRUPTED;
      return;
    }
    process.stderr.write(`kaji: ${sentenceOf(error)}\n`);
    if (process.env.KAJI_STACK && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}

await main();
