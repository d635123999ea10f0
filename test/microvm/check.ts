/** One thing that is tried in a guest. It fails by throwing. */
export interface Check<Given> {
  readonly name: string;
  run(given: Given): Promise<void>;
}

const MARK = "check ";

export interface Outcome {
  readonly name: string;
  /** What it threw. */
  readonly failure?: string;
}

/** In the guest: one after the other, each with a line on the console. */
export async function runChecks<Given>(
  checks: readonly Check<Given>[],
  given: Given,
): Promise<void> {
  for (const { name, run } of checks) {
    const failure = await run(given).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    const outcome: Outcome = failure === undefined ? { name } : { name, failure };
    console.log(MARK + JSON.stringify(outcome));
  }
}

/** On the host: what the console says. Other lines (the kernel's) may stand between. */
export function readOutcomes(lines: readonly string[]): ReadonlyMap<string, Outcome> {
  const found = lines.filter((line) => line.startsWith(MARK));
  const outcomes = found.map((line) => JSON.parse(line.slice(MARK.length)) as Outcome);
  return new Map(outcomes.map((outcome) => [outcome.name, outcome]));
}
