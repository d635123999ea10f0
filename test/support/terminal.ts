import { spawn } from "node:child_process";

/** A program that stays, with what it has written so far. */
export interface Running {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Sends SIGINT, as Ctrl-C does, and waits for the exit code. */
  interrupt(): Promise<number | null>;
  /** What is typed; on a terminal alone. */
  type(text: string): void;
  readonly ended: Promise<number | null>;
}

export function start(
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
  stdin: "ignore" | "pipe" = "ignore",
): Running {
  const child = spawn(program, args, { env, stdio: [stdin, "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    type: (text) => void child.stdin?.write(text),
    interrupt() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** The same on a terminal of 80 columns, made by script(1): both streams are what the screen gets. */
export function startOnTerminal(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): Running {
  const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const { NO_COLOR: _, ...inherited } = process.env;
  return start(
    [
      "script",
      "--quiet",
      "--return",
      "--command",
      `stty cols 80 rows 24; exec ${line}`,
      "/dev/null",
    ],
    { ...inherited, TERM: "xterm", ...env },
    "pipe",
  );
}
