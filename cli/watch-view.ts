import type { CommandContext, Flag } from "#cli/define-command";
import { LiveArea } from "#cli/live-area";
import { type Description, outputOf, printDescription } from "#cli/output";
import { sentenceOf } from "#cli/sentence";
import { systemClock, sleep } from "#kit/clock";

/** Commands that can look again and again: redrawn in place on a terminal, each change in full on a pipe. */
export const watchFlag: Flag = {
  name: "watch",
  short: "w",
  description: "look again as it changes, until interrupted",
};

/** What nodes and controllers report changes every few seconds. */
const LOOK_INTERVAL_MS = 2_000;

/** Looks once, or with -w until interrupted. The first look's failure is thrown; later ones are said, and it goes on. */
export async function repeat(
  context: CommandContext,
  look: () => Promise<Description>,
): Promise<void> {
  const first = await look();
  if (!context.isSet("watch")) return printDescription(context, first);
  const area = new LiveArea(process.stdout, "start");
  const isDrawn = area.isLive && outputOf(context) === "table";
  let shown = "";
  for (let view: Description | undefined = first; !context.signal.aborted; ) {
    if (view && isDrawn) area.show(view.lines.flatMap((line) => line.split("\n")));
    else if (view && view.lines.join("\n") !== shown) {
      shown = view.lines.join("\n");
      await printDescription(context, view);
    }
    await sleep(systemClock, LOOK_INTERVAL_MS, context.signal);
    if (context.signal.aborted) return;
    view = await look().catch((error: unknown) => {
      if (context.signal.aborted) return undefined;
      if (isDrawn) area.show([`kaji: ${sentenceOf(error)}: looking again`]);
      else context.note(`kaji: ${sentenceOf(error)}: looking again`);
      return undefined;
    });
  }
}
