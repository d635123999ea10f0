import { podKind } from "#api/kinds/pod";
import { pathOf } from "#api/machinery/define-kind";
import type { Connection } from "#cli/admin-client";
import { type CommandContext, CommandError } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { type LogLine, splitLines, stampedLine } from "#cli/logs/log-lines";
import { statusErrorFrom } from "#client/status-response";

/** Which part of a log is wanted, in the words of the API. */
export interface LogPart {
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
}

export function logPartOf(context: CommandContext): LogPart {
  return { ...tailOf(context), ...sinceOf(context) };
}

function tailOf(context: CommandContext): LogPart {
  const tail = context.flag("tail");
  if (tail === undefined || tail === "-1") return {};
  if (/^\d+$/.test(tail)) return { tailLines: Number(tail) };
  throw new CommandError(`--tail ${tail} is not a number of lines: give a whole number`);
}

function sinceOf(context: CommandContext): LogPart {
  const sinceTime = context.flag("since-time");
  if (context.flag("since") === undefined) {
    if (sinceTime === undefined) return {};
    if (!Number.isNaN(Date.parse(sinceTime))) return { sinceTime };
    throw new CommandError(
      `--since-time ${sinceTime} is not a time: give one such as 2026-01-31T12:00:00Z`,
    );
  }
  if (sinceTime !== undefined) {
    throw new CommandError("--since and --since-time: give one of the two");
  }
  return { sinceSeconds: Math.max(1, Math.ceil(durationFlag(context, "since") / 1000)) };
}

export interface LogRequest extends LogPart {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
}

export async function* logChunks(
  { transport }: Connection,
  { namespace, pod, ...options }: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== false) query.set(name, String(value));
  }
  const path = `${pathOf(podKind, namespace, pod)}/log`;
  const response = await transport({ method: "GET", path, query, signal });
  if (response.status >= 400) throw statusErrorFrom(response);
  if (response.type === "bytes") yield response.bytes;
  if (response.type === "stream") yield* response.chunks;
}

/** The lines of a log with their times. */
export async function* logLines(
  connection: Connection,
  request: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  let time = "";
  const chunks = logChunks(connection, { ...request, timestamps: true }, signal);
  for await (const text of splitLines(chunks)) {
    const line = stampedLine(text, time);
    time = line.time;
    yield line;
  }
}
