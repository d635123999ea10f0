import type { ProbeType } from "#node-agent/probes/probe";

export const execProbe: ProbeType = {
  name: "exec",
  matches: (probe) => probe.exec !== undefined,
  async check(probe, target) {
    const command = probe.exec?.command ?? [];
    const { exitCode, output, isTimedOut } = await target.exec(command, target.timeoutMs);
    if (isTimedOut) {
      const text = `command timed out: "${command.join(" ")}" timed out after ${target.timeoutMs / 1000}s`;
      return { isSuccess: false, output: text };
    }
    return { isSuccess: exitCode === 0, output };
  },
};
