import type { HookType } from "#node-agent/hooks/hook";
import { httpGet } from "#node-agent/probes/http-get";

export const httpGetHook: HookType = {
  name: "httpGet",
  matches: (action) => action.httpGet !== undefined,
  async run(action, target) {
    if (!action.httpGet) return;
    const answer = await httpGet(action.httpGet, target);
    if (answer.error !== undefined) throw new Error(answer.error);
  },
};
