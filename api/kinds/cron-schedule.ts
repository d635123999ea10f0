import { Cron } from "croner";

/**
 * Schedules of CronJobs as Kubernetes reads them: five fields, a descriptor such as @daily, or "@every 1h30m".
 * Times are UTC unless a zone of the IANA database is named. Reads no clock.
 */
export interface Schedule {
  /** The first time after this one; undefined when there is none any more. */
  nextMs(afterMs: number): number | undefined;
}

const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const FIELDS = /^[\w*?,/\- \t]+$/;
const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/** Throws with the sentence that the user reads when the schedule is refused. */
export function parseSchedule(text: string, timeZone = "UTC"): Schedule {
  const trimmed = text.trim();
  const every = /^@every ((?:\d+[hms])+)$/.exec(trimmed)?.[1];
  if (every) return everySchedule(every);
  if (trimmed.startsWith("@") && !descriptors[trimmed]) {
    throw new Error(`unrecognized descriptor: ${trimmed}`);
  }
  const fields = (descriptors[trimmed] ?? trimmed).split(/\s+/);
  if (fields.length !== 5) {
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  }
  const pattern = fields.map(normalizedField).join(" ");
  // croner knows L, W and #, which Kubernetes does not.
  if (!FIELDS.test(pattern) || /\d[LW]|(?:^|\s)[LW]/i.test(pattern)) {
    throw new Error(`failed to parse the schedule: ${trimmed}`);
  }
  const cron = new Cron(pattern, { timezone: timeZone, mode: "5-part", paused: true });
  return { nextMs: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

/** "?" is "*", and "5/15" means from 5 to the end in steps of 15. */
function normalizedField(field: string, position: number): string {
  const last = ["59", "23", "31", "12", "6"][position];
  return field
    .split(",")
    .map((part) => part.replace(/^\?/, "*").replace(/^(\w+)\/(\d+)$/, `$1-${last}/$2`))
    .join(",");
}

/** At least a second, counted from the time asked about. */
function everySchedule(text: string): Schedule {
  let periodMs = 0;
  for (const [, amount, unit = ""] of text.matchAll(/(\d+)([hms])/g)) {
    periodMs += Number(amount) * (unitMs[unit] ?? 0);
  }
  const stepMs = Math.max(1000, periodMs);
  return { nextMs: (afterMs) => Math.floor(afterMs / 1000) * 1000 + stepMs };
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).format(0) !== "";
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
}
