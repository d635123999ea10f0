import { isIP } from "node:net";
import { type CommandContext, CommandError } from "#cli/define-command";
import { parseDurationMs } from "#kit/duration";

export function durationFlag(context: CommandContext, name: string): number {
  const text = context.flag(name) ?? "";
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined) return durationMs;
  throw new CommandError(`--${name} ${text} is not a duration: give one such as 40s or 1m30s`);
}

/** A flag that must be a number, not below `least`. */
export function numberFlag(context: CommandContext, name: string, least = 0): number {
  const text = context.flag(name) ?? "";
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  throw new CommandError(`--${name} ${text} is not a number of at least ${least}`);
}

/** What the API takes as an integer. */
export function wholeNumberFlag(context: CommandContext, name: string, least = 0): number {
  const value = numberFlag(context, name, least);
  if (Number.isSafeInteger(value)) return value;
  throw new CommandError(`--${name} ${context.flag(name) ?? ""} is not a whole number`);
}

/** `--server`: one API server or several, with commas between, each as https://HOST:PORT. */
export function serversFlag(context: CommandContext): string[] | undefined {
  return context.flag("server")?.split(",").map(apiServerOrigin);
}

/** "192.0.2.10:6443" is "https://192.0.2.10:6443". Throws CommandError for what is no server's. */
export function apiServerOrigin(text: string): string {
  const whole = text.includes("://") ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.protocol === "https:" && url.hostname !== "") return url.origin;
  throw new CommandError(
    `--server ${text} is not the URL of an API server: write https://HOST:PORT, as \`kaji token create\` prints it`,
  );
}

/** Addresses or ranges such as 10.0.0.0/8, with commas between. */
export function rangesFlag(context: CommandContext, name: string): string[] | undefined {
  const ranges = context
    .flag(name)
    ?.split(",")
    .map((range) => range.trim());
  const wrong = ranges?.find((range) => !isRange(range));
  if (wrong === undefined) return ranges;
  throw new CommandError(
    `--${name} ${wrong} is neither an address nor a range: write such as 10.0.0.0/8`,
  );
}

function isRange(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    length === undefined ||
    (/^\d{1,3}$/.test(length) && Number(length) <= (family === 6 ? 128 : 32))
  );
}
