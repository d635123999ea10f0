import { CommandError, type Flag } from "#cli/define-command";

/** Colours of results: on a terminal that wants them, and nowhere else. */
export type Colour = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "bold" | "dim";

/** The text in a colour, or as it is where there are none. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

export const colourFlag: Flag = {
  name: "color",
  value: "WHEN",
  description: "auto (on a terminal, unless NO_COLOR is set), always or never",
  default: "auto",
  values: ["auto", "always", "never"],
};

/** Start and end, as ECMA-48 section 8.3.117 numbers them. */
const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

export interface Screen {
  readonly isTTY?: boolean;
}

/** no-color.org: a NO_COLOR that is set and not empty turns colours off, and the flag stands above it. */
export function paintFor(when: string, screen: Screen, env: NodeJS.ProcessEnv): Paint {
  if (when === "always") return coloured;
  if (when === "never") return plain;
  if (when !== "auto")
    throw new CommandError(`--color ${when} is not known: use auto, always or never`);
  return hasColours(screen, env) ? coloured : plain;
}

/** For help, which is printed before flags are read: the words may say it, as `paintFor` hears it. */
export function helpHasColours(
  words: readonly string[],
  screen: Screen,
  env: NodeJS.ProcessEnv,
): boolean {
  const name = `--${colourFlag.name}`;
  const at = words.findLastIndex((word) => word === name || word.startsWith(`${name}=`));
  const when = words[at]?.split("=")[1] ?? words[at + 1];
  if (at >= 0 && when === "always") return true;
  if (at >= 0 && when === "never") return false;
  return hasColours(screen, env);
}

/** Whether a screen of which nothing else is said gets colours. */
export function hasColours({ isTTY }: Screen, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

function coloured(colour: Colour, text: string): string {
  const [start, end] = codes[colour];
  return `\u001b[${start}m${text}\u001b[${end}m`;
}
