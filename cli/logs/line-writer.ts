import type { CommandContext } from "#cli/define-command";
import type { LogLine } from "#cli/logs/log-lines";
import type { LogSource, LogTarget } from "#cli/logs/log-sources";
import type { Colour } from "#cli/paint";
import { writeOut } from "#cli/stdout";

const COLOURS: readonly Colour[] = ["cyan", "green", "yellow", "magenta", "blue", "red"];

/** Prints lines of several containers, each with where it is from; each pod has a colour of its own. */
export function lineWriter(
  context: Pick<CommandContext, "paint" | "isSet">,
  target: LogTarget,
): (source: LogSource, line: LogLine) => Promise<void> {
  const colours = new Map<string, Colour>();
  const isTimed = context.isSet("timestamps");
  return async (source, { time, text }) => {
    const known = colours.get(source.podUid);
    const colour = known ?? COLOURS[colours.size % COLOURS.length] ?? "cyan";
    if (!known) colours.set(source.podUid, colour);
    const from = context.paint(colour, `[${nameIn(target, source)}]`);
    await writeOut(`${from} ${isTimed ? `${time} ` : ""}${text}\n`);
  };
}

function nameIn({ pod, selection }: LogTarget, source: LogSource): string {
  if (pod !== undefined) return source.container;
  const place = selection.namespace === undefined ? `${source.namespace}/` : "";
  return `${place}${source.pod}/${source.container}`;
}
