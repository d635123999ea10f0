import type { HookType } from "#node-agent/hooks/hook";

export const execHook: HookType = {
  name: "exec",
  matches: (action) => action.exec !== undefined,
  async run(action, target) {
    const command = action.exec?.command ?? [];
    const { exitCode, output, isTimedOut } = await target.exec(command, target.timeoutMs);
    if (exitCode === 0 && !isTimedOut) return;
    const why = isTimedOut ? "timed out" : `exited with ${exitCode}`;
    throw new Error(`command '${command.join(" ")}' ${why}: ${output}`);
  },
};
