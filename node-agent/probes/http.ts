import type { HTTPGetAction } from "#api/schema/types";
import { httpGet } from "#node-agent/probes/http-get";
import type { ProbeType } from "#node-agent/probes/probe";

const noAction: HTTPGetAction = { port: 0 };

export const httpProbe: ProbeType = {
  name: "httpGet",
  matches: (probe) => probe.httpGet !== undefined,
  async check(probe, target) {
    const answer = await httpGet(probe.httpGet ?? noAction, target);
    if (answer.error !== undefined) return { isSuccess: false, output: answer.error };
    const isSuccess = answer.statusCode >= 200 && answer.statusCode < 400;
    const output = isSuccess ? "" : `HTTP probe failed with statuscode: ${answer.statusCode}`;
    return { isSuccess, output };
  },
};
