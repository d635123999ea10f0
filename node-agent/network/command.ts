import { type ChildProcess, spawn } from "node:child_process";
import { isWantOfRoom } from "#kit/want-of-room";

/** Runs a tool of the host to its end; the text that it wrote, or a CommandFailed. */
export type RunCommand = (argv: readonly string[], stdin?: string) => Promise<string>;

export class CommandFailed extends Error {
  override name = "CommandFailed";
  /** The tool is not installed. */
  readonly isMissing: boolean;
  /** It never came to its answer, killed or not begun for want of room: what it was asked says nothing of why. */
  readonly isCutShort: boolean;
  constructor(
    message: string,
    isMissing: boolean,
    options: ErrorOptions & { readonly isCutShort?: boolean } = {},
  ) {
    super(message, options);
    this.isMissing = isMissing;
    this.isCutShort = options.isCutShort ?? false;
  }
}

/** Of a tool's complaint; the rest only repeats the input. */
const maxComplaintChars = 400;
const maxOutputBytes = 16 * 1024 * 1024;

export const runCommand: RunCommand = (argv, stdin = "") =>
  new Promise((resolve, reject) => {
    const [tool = "", ...args] = argv;
    const notBegun = (cause: unknown): void => {
      const { code, message } = cause as NodeJS.ErrnoException;
      const isMissing = code === "ENOENT";
      const reason = isMissing ? "it is not installed" : message;
      const why = { cause, isCutShort: isWantOfRoom(cause) };
      reject(new CommandFailed(`cannot run ${tool}: ${reason}`, isMissing, why));
    };
    const child = begin(tool, args, notBegun);
    const output: Buffer[] = [];
    const complaint: Buffer[] = [];
    let sizeBytes = 0;
    const collect = (into: Buffer[], chunk: Buffer): void => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxOutputBytes) into.push(chunk);
      else child?.kill("SIGKILL");
    };
    child?.stdout?.on("data", (chunk: Buffer) => collect(output, chunk));
    child?.stderr?.on("data", (chunk: Buffer) => collect(complaint, chunk));
    // A tool that ends without reading its input says why by its exit code.
    child?.stdin?.on("error", () => undefined);
    child?.stdin?.end(stdin);
    child?.on("close", (exitCode, signal) => {
      if (exitCode === 0) return resolve(Buffer.concat(output).toString());
      const said = Buffer.concat(complaint).toString().trim().replace(/\s+/g, " ");
      const ended = signal ? `was killed by ${signal}` : `failed with ${exitCode}`;
      const text = said.slice(0, maxComplaintChars);
      const what = `${argv.slice(0, 4).join(" ")} ${ended}: ${text}`;
      reject(new CommandFailed(what, false, { isCutShort: signal !== null }));
    });
  });

/** Node says of a lack of memory by throwing, of a lack of descriptors by an event and no streams. */
function begin(
  tool: string,
  args: readonly string[],
  notBegun: (cause: unknown) => void,
): ChildProcess | undefined {
  try {
    const child = spawn(tool, args, { stdio: ["pipe", "pipe", "pipe"] });
    return child.on("error", notBegun);
  } catch (cause) {
    notBegun(cause);
    return undefined;
  }
}
