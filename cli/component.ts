import { createLog, type Log, type LogLevel, logLevels } from "#kit/log";
import { locationsFor, type Locations } from "#kit/locations";
import { type CommandContext, CommandError, type Flag, rootDirFlag } from "#cli/define-command";

/** What `kaji server`, `kaji agent` and `kaji ingress` share: flags, logger, and running until told to stop. */
export const logFlags: readonly Flag[] = [
  {
    ...{ name: "log-level", value: "LEVEL", default: "info", values: logLevels },
    description: "log what matters at least so much: debug, info, warn or error",
  },
  {
    ...{ name: "log-format", value: "FORM", values: ["json", "text"] },
    description:
      "json: an object a line; text: for people (default: text on a terminal, else json)",
  },
];

export const componentFlags: readonly Flag[] = [rootDirFlag, ...logFlags];

export function componentSetUp(
  context: CommandContext,
  component: string,
): { locations: Locations; log: Log } {
  const level = context.flag("log-level") ?? "info";
  if (!logLevels.some((known) => known === level)) {
    throw new CommandError(`--log-level ${level} is not known: use debug, info, warn or error`);
  }
  const format = context.flag("log-format") ?? (process.stderr.isTTY ? "text" : "json");
  if (format !== "json" && format !== "text") {
    throw new CommandError(`--log-format ${format} is not known: use json or text`);
  }
  requireRoot(component);
  const log = createLog({ level: level as LogLevel, format, fields: { component } });
  // A programmer's error must end the process (its keeper starts it again), and say where it was.
  process.on("uncaughtException", (error) => {
    log.error("uncaught exception", { error, stack: error.stack });
    process.exit(70);
  });
  process.on("unhandledRejection", (reason) => {
    log.error("unhandled rejection", {
      error: reason,
      stack: reason instanceof Error ? reason.stack : undefined,
    });
    process.exit(70);
  });
  return { locations: locationsFor(context.flag("root-dir")), log };
}

export function requireRoot(what: string): void {
  if (process.getuid?.() !== 0) {
    throw new CommandError(
      `${what} needs root (it makes namespaces, mounts and network interfaces): run it with sudo`,
    );
  }
}

/** Resolves when the user or the keeper asks the process to stop. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** A flag that must be a TCP port. */
export function portFlag(context: CommandContext, name: string): number {
  const text = context.flag(name) ?? "";
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new CommandError(`--${name} ${text} is not a port: give a number from 1 to 65535`);
  }
  return port;
}
