import type { LifecycleHandler } from "#api/schema/types";
import { execHook } from "#node-agent/hooks/exec";
import type { HookTarget, HookType } from "#node-agent/hooks/hook";
import { httpGetHook } from "#node-agent/hooks/http-get";
import { sleepHook } from "#node-agent/hooks/sleep";

export const hookTypes: readonly HookType[] = [execHook, httpGetHook, sleepHook];

export async function runHook(action: LifecycleHandler, target: HookTarget): Promise<void> {
  const type = hookTypes.find((each) => each.matches(action));
  if (!type) throw new Error("invalid handler: none of exec, httpGet and sleep");
  await type.run(action, target);
}
