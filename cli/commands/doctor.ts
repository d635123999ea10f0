import { clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import type { ClusterFacts, Examined } from "#cli/doctor/define-check";
import type { CheckResult } from "#cli/doctor/report";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { sentenceOf } from "#cli/sentence";
import { locationsFor } from "#kit/locations";

export const doctorCommand = defineCommand({
  name: "doctor",
  group: "cluster",
  summary: "Look for what is wrong with this host and its cluster, and say what to do",
  flags: [...clusterFlags, outputFlag],
  examples: [
    { command: "kaji doctor", explains: "ends with 1 when something is broken" },
    { command: "kaji doctor -o json", explains: "for programs: every check with its problems" },
  ],
  async run(context) {
    const { count, examine } = await import("#cli/doctor/report");
    const results = examine(await look(context));
    await print(context, results);
    const broken = count(results, "broken");
    const [warnings, advice] = [count(results, "warning"), count(results, "advice")];
    const rest = `${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${advice} of advice`;
    if (broken === 0) return context.note(`nothing is broken; ${rest}`);
    throw new CommandError(
      `${broken} ${broken === 1 ? "problem" : "problems"} found: each says above what to do (${rest})`,
    );
  },
});

async function look(context: CommandContext): Promise<Examined> {
  const { examineHost } = await import("#cli/doctor/examine-host");
  const host = await examineHost(locationsFor(context.flag("root-dir")));
  const found = await readCluster(context);
  const isRead = typeof found !== "string";
  return {
    nowMs: Date.now(),
    host,
    cluster: isRead ? found : undefined,
    apiProblem: isRead ? undefined : found,
  };
}

/** The facts, or why there are none. */
async function readCluster(context: CommandContext): Promise<ClusterFacts | string> {
  const { examineCluster } = await import("#cli/doctor/examine-cluster");
  try {
    return await withConnection(context, ({ client }) => examineCluster(client));
  } catch (error) {
    if (context.signal.aborted) throw error;
    return sentenceOf(error);
  }
}

async function print(context: CommandContext, results: readonly CheckResult[]): Promise<void> {
  const { reportLines, wideLines } = await import("#cli/doctor/report");
  const format = outputOf(context);
  if (format === "json" || format === "yaml") {
    return context.print(await formatValue(format, { checks: results }));
  }
  const lines =
    format === "name"
      ? results.flatMap(({ problems }) => problems.map(({ subject }) => subject))
      : format === "wide"
        ? wideLines(results, context.paint)
        : reportLines(results, context.paint);
  for (const line of lines) context.print(line);
}
