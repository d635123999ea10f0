import { PassThrough, Readable } from "node:stream";
import type { ExecRequest, ExecSession } from "#runtime/runtime";

/** What the main process of a memory container does, and what its exec'd commands answer. */
export interface Program {
  /** Ends by itself, as soon as it has begun, with this code. */
  readonly exitsWith?: number;
  /** Does not end on SIGTERM: only SIGKILL helps. */
  readonly ignoresTerm?: boolean;
  exec?(command: readonly string[]): { readonly exitCode: number; readonly output?: string };
}

export interface MemoryProcess {
  begin(): void;
  stop(timeoutMs: number): Promise<void>;
  exec(request: ExecRequest): ExecSession;
}

const sigterm = 15;
const sigkill = 9;

export function createMemoryProcess(
  program: Program,
  onExit: (exitCode: number, signal?: number) => void,
): MemoryProcess {
  return {
    begin() {
      if (program.exitsWith !== undefined) onExit(program.exitsWith);
    },
    async stop(timeoutMs) {
      const isKilled = program.ignoresTerm || timeoutMs === 0;
      const signal = isKilled ? sigkill : sigterm;
      onExit(128 + signal, signal);
    },
    exec(request) {
      const outcome = program.exec?.(request.command) ?? { exitCode: 0 };
      const output = Readable.from([Buffer.from(outcome.output ?? "")]);
      return {
        stdin: request.stdin ? new PassThrough() : undefined,
        stdout: request.stdout ? output : undefined,
        stderr: request.stderr && !request.tty ? Readable.from([]) : undefined,
        resize: () => undefined,
        exit: Promise.resolve({ exitCode: outcome.exitCode, isTimedOut: false }),
        close: () => undefined,
      };
    },
  };
}
