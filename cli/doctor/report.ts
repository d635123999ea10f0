import { checks } from "#cli/doctor/checks/index";
import type { Check, Examined, Problem, Severity } from "#cli/doctor/define-check";
import type { Colour, Paint } from "#cli/paint";
import { oneLine } from "#cli/table";

/** What the checks say of what was read. Pure. */
export interface CheckResult {
  readonly check: string;
  readonly state: "ok" | "unknown" | Severity;
  readonly problems: readonly Problem[];
}

export function examine(examined: Examined, all: readonly Check[] = checks): CheckResult[] {
  return all.map((check) => {
    if (check.needsCluster && !examined.cluster) {
      return { check: check.name, state: "unknown", problems: [] };
    }
    const problems = [...check.examine(examined)].toSorted(byRank);
    return { check: check.name, state: problems[0]?.severity ?? "ok", problems };
  });
}

const ranks: readonly Severity[] = ["broken", "warning", "advice"];

function byRank(one: Problem, other: Problem): number {
  return ranks.indexOf(one.severity) - ranks.indexOf(other.severity);
}

/** Of one check, for people: the rest is in -o json. */
const MAX_SHOWN = 10;

const words: Readonly<Record<CheckResult["state"], readonly [string, Colour]>> = {
  ok: ["ok", "green"],
  unknown: ["-", "dim"],
  broken: ["BROKEN", "red"],
  warning: ["warning", "yellow"],
  advice: ["advice", "cyan"],
};

export function reportLines(results: readonly CheckResult[], paint: Paint): string[] {
  return results.flatMap(({ check, state, problems }) => {
    const [word, colour] = words[state];
    const unknown = state === "unknown" ? ": not known while the API does not answer" : "";
    const left = problems.length - MAX_SHOWN;
    return [
      `${paint(colour, word)}${" ".repeat(9 - word.length)}${check}${unknown}`,
      ...problems.slice(0, MAX_SHOWN).flatMap((problem) => problemLines(problem, paint)),
      ...(left > 0 ? [`${INDENT}and ${left} more: \`kaji doctor -o wide\` shows all`] : []),
    ];
  });
}

/** All of them, a row each. */
export function wideLines(results: readonly CheckResult[], paint: Paint): string[] {
  return results
    .flatMap(({ problems }) => problems)
    .toSorted(byRank)
    .flatMap((problem) => [
      `${paint(words[problem.severity][1], words[problem.severity][0])}:`,
      ...problemLines(problem, paint),
    ]);
}

const INDENT = " ".repeat(9);

function problemLines(
  { severity, subject, problem, remedy, command }: Problem,
  paint: Paint,
): string[] {
  return [
    `${INDENT}${paint(words[severity][1], subject)}: ${oneLine(problem)}`,
    `${INDENT}  ${remedy}${command ? `: ${paint("bold", command)}` : ""}`,
  ];
}

export function count(results: readonly CheckResult[], severity: Severity): number {
  return results.flatMap(({ problems }) => problems).filter((one) => one.severity === severity)
    .length;
}
