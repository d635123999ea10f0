import { kubeconfigFlag } from "#cli/admin-client";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";

export const doctorCommand = defineCommand({
  name: "doctor",
  group: "cluster",
  summary: "Look for what is wrong with this host and its cluster, and say what to do",
  flags: [rootDirFlag, kubeconfigFlag],
  examples: [{ command: "kaji doctor", explains: "ends with 1 when something is wrong" }],
  async run(context) {
    const { API_ANSWERS, checks } = await import("#cli/doctor");
    let found = 0;
    let isApiThere = true;
    for (const check of checks) {
      if (check.needsApi && !isApiThere) {
        context.print(`-      ${check.name}: not known while the API does not answer`);
        continue;
      }
      const problems = await check.problems(context);
      context.print(`${problems.length === 0 ? "ok   " : "WRONG"}  ${check.name}`);
      for (const problem of problems) context.print(`       - ${problem}`);
      found += problems.length;
      if (check.name === API_ANSWERS && problems.length > 0) isApiThere = false;
    }
    if (found > 0)
      throw new CommandError(
        `${found} ${found === 1 ? "problem" : "problems"} found: each says above what to do`,
      );
  },
});
