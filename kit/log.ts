/**
 * Structured logs: one JSON object a line on stderr. A component gets its logger from its composition root
 * and never reads the environment itself.
 */
export type LogLevel = "debug" | "info" | "warn" | "error";

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
  write?: (line: string) => void;
  now?: () => number;
  fields?: LogFields;
}): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const now = options.now ?? Date.now;
  const emit = (level: LogLevel, message: string, fields?: LogFields): void => {
    if (rank[level] < rank[options.level]) return;
    const time = new Date(now()).toISOString();
    write(`${JSON.stringify({ time, level, message, ...options.fields, ...describe(fields) })}\n`);
  };
  return {
    debug: (message, fields) => emit("debug", message, fields),
    info: (message, fields) => emit("info", message, fields),
    warn: (message, fields) => emit("warn", message, fields),
    error: (message, fields) => emit("error", message, fields),
    with: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
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
