import type { HookType } from "#node-agent/hooks/hook";

export const sleepHook: HookType = {
  name: "sleep",
  matches: (action) => action.sleep !== undefined,
  async run(action, { sleep, timeoutMs, signal }) {
    await sleep(Math.min(timeoutMs, (action.sleep?.seconds ?? 0) * 1000), signal);
  },
};
