/**
 * Structured logs on stderr: one JSON object a line, or for people one sentence a line. A component gets its logger
 * from its composition root and never reads the environment itself.
 *
 * Limits: a line has at most MAX_LINE_CHARS; a longer one keeps its message and says that it was cut. What is called
 * like a secret is never written.
 */
export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFormat = "json" | "text";

export const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Log;
}

export type LogFields = Record<string, unknown>;

const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export function createLog(options: {
  level: LogLevel;
  format?: LogFormat;
  write?: (line: string) => void;
  now?: () => number;
  fields?: LogFields;
}): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const now = options.now ?? Date.now;
  const render = options.format === "text" ? textLine : jsonLine;
  const emit = (level: LogLevel, message: string, fields?: LogFields): void => {
    if (rank[level] < rank[options.level]) return;
    const time = new Date(now()).toISOString();
    write(`${render({ time, level, message, ...options.fields, ...describe(fields) })}\n`);
  };
  return {
    debug: (message, fields) => emit("debug", message, fields),
    info: (message, fields) => emit("info", message, fields),
    warn: (message, fields) => emit("warn", message, fields),
    error: (message, fields) => emit("error", message, fields),
    with: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

type Entry = { time: string; level: LogLevel; message: string } & LogFields;

const MAX_LINE_CHARS = 16_384;
const MAX_MESSAGE_CHARS = 4_096;

function jsonLine(entry: Entry): string {
  const line = JSON.stringify(entry, hideSecrets);
  if (line.length <= MAX_LINE_CHARS) return line;
  const { time, level, message, component } = entry;
  const cut = { message: message.slice(0, MAX_MESSAGE_CHARS), isCut: true, chars: line.length };
  return JSON.stringify({ time, level, component, ...cut });
}

/** Control characters too: what a registry or a program said may have codes for the terminal in it. */
const QUOTED = /[\s"=\p{Cc}]/u;

/** "10:02:03.456 warn  agent: the sandbox could not be made pod=default/web why=..." */
function textLine({ time, level, message, component, ...fields }: Entry): string {
  const who = typeof component === "string" ? `${component}: ` : "";
  const rest = Object.entries(fields).flatMap(([key, value]) => {
    const shown = typeof value === "string" ? hidden(key, value) : value;
    const text = typeof shown === "string" ? shown : JSON.stringify(shown, hideSecrets);
    return text === undefined ? [] : [`${key}=${QUOTED.test(text) ? JSON.stringify(text) : text}`];
  });
  const line = [`${time.slice(11, 23)} ${level.padEnd(5)} ${who}${message}`, ...rest].join(" ");
  return line.slice(0, MAX_LINE_CHARS);
}

const SECRET = /token$|password|secret$|authorization|privatekey|keypem|^key_?pem$|^data$|cookie/i;

function hideSecrets(key: string, value: unknown): unknown {
  return typeof value === "string" ? hidden(key, value) : value;
}

function hidden(key: string, value: string): string {
  return SECRET.test(key) && value !== "" ? "(not shown)" : value;
}

export const silentLog: Log = createLog({ level: "error", write: () => undefined });

/** Errors become their chain of messages, so that a line says the cause too. */
function describe(fields: LogFields | undefined): LogFields {
  const described: LogFields = {};
  for (const [key, value] of Object.entries(fields ?? {})) {
    described[key] = value instanceof Error ? errorChain(value) : value;
  }
  return described;
}

/** "attempt failed: reason: deeper reason" from an error and its causes; one that already ends with its cause says it once. */
export function errorChain(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at !== undefined && parts.length < 6; ) {
    const text =
      at instanceof Error ? at.message : typeof at === "string" ? at : JSON.stringify(at);
    if (parts.at(-1)?.endsWith(text) !== true) parts.push(text);
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(": ");
}
