import { humanDuration } from "#api/machinery/table";
import type { Event } from "#api/schema/types";
import { timeOfEvent } from "#api/why/story";
import { CommandError } from "#cli/define-command";
import type { Column } from "#cli/output";
import type { Paint } from "#cli/paint";

/** Events as `kubectl events` shows them. Pure: the time now comes in. */

const TYPES = ["Normal", "Warning"];

/** `--types Warning,Normal`; undefined: all. */
export function typesOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const wanted = text.split(",").map((one) => one.trim());
  const found = wanted.map((one) => TYPES.find((type) => type.toLowerCase() === one.toLowerCase()));
  const wrong = found.indexOf(undefined);
  if (wrong < 0) return new Set(found as string[]);
  throw new CommandError(`--types ${wanted[wrong]} is not known: use ${TYPES.join(" or ")}`);
}

/** When it was seen last, in milliseconds since the epoch. */
export function seenMs(event: Event): number {
  return Date.parse(event.series?.lastObservedTime ?? timeOfEvent(event)) || 0;
}

/** The oldest first: the newest stands above the prompt. */
export function bySeen(one: Event, other: Event): number {
  return seenMs(one) - seenMs(other);
}

export function eventColumns(options: {
  readonly nowMs: () => number;
  readonly showsNamespace: boolean;
  readonly paint: Paint;
}): readonly Column<Event>[] {
  const { nowMs, showsNamespace, paint } = options;
  return [
    ...(showsNamespace
      ? [{ name: "namespace", value: ({ metadata }: Event) => metadata.namespace ?? "" }]
      : []),
    { name: "last seen", value: (event) => lastSeen(event, nowMs()) },
    {
      name: "type",
      value: ({ type = "" }) =>
        type === "Warning" ? { text: type, shown: paint("yellow", type) } : type,
    },
    { name: "reason", value: ({ reason }) => reason ?? "" },
    { name: "object", value: ({ involvedObject: { kind = "", name } }) => `${kind}/${name}` },
    {
      name: "source",
      isWide: true,
      value: ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ""),
    },
    { name: "name", isWide: true, value: ({ metadata }) => metadata.name },
    { name: "message", value: ({ message }) => (message ?? "").trim() },
  ];
}

/** "12s", or "12s (x3 over 4m)" of one that came again. */
function lastSeen(event: Event, nowMs: number): string {
  const last = age(seenMs(event), nowMs);
  const count = event.series?.count ?? event.count ?? 1;
  if (count <= 1) return last;
  const first = Date.parse(event.firstTimestamp ?? event.eventTime ?? "") || seenMs(event);
  return `${last} (x${count} over ${age(first, nowMs)})`;
}

function age(thenMs: number, nowMs: number): string {
  return thenMs === 0 ? "<unknown>" : humanDuration(nowMs - thenMs);
}
