import { expect, test } from "vitest";
import { nodeConfigFlags, nodeConfigOf } from "#cli/agent-node";
import type { CommandContext, Flag } from "#cli/define-command";
import { rooms } from "#cli/rooms";
import { nodeFlags, nodeOptions } from "#cli/server-nodes";

test("the default of --eviction-hard is the agent's own", async () => {
  const { defaultHardThresholds } = await rooms.evictionThresholds();
  const flag = nodeConfigFlags.find(({ name }) => name === "eviction-hard");
  expect(flag?.default).toBe(defaultHardThresholds);
});

/** A command line with these flags, and the defaults of all others. */
function given(flags: readonly Flag[], values: Record<string, string>): CommandContext {
  const flag = (name: string): string | undefined =>
    values[name] ?? flags.find((one) => one.name === name)?.default;
  return { flag } as CommandContext;
}

test("an agent is well with its defaults", async () => {
  expect(await nodeConfigOf(given(nodeConfigFlags, {}))).toMatchObject({
    maxPods: 110,
    shutdown: { graceMs: 30_000, criticalGraceMs: 10_000 },
  });
});

test.each([
  [{ "max-pods": "1.5" }, "--max-pods 1.5 is not a whole number"],
  [{ "max-pods": "0" }, "--max-pods 0 is not a number of at least 1"],
  [{ "system-reserved": "cpu=-1" }, "cannot reserve cpu=-1"],
  [{ "node-labels": "a b=c" }, "--node-labels a b=c is no label"],
  [{ "node-labels": "disk=not/one" }, "--node-labels disk=not/one is no label"],
  [{ "register-with-taints": "a b:NoSchedule" }, "a b:NoSchedule is not KEY=VALUE:EFFECT"],
  [{ "shutdown-grace-period": "5s" }, "is a part of --shutdown-grace-period"],
])("an agent refuses %j", async (values, why) => {
  await expect(nodeConfigOf(given(nodeConfigFlags, values))).rejects.toThrow(why);
});

test("a server is well with its defaults", () => {
  expect(nodeOptions(given(nodeFlags, {}))).toMatchObject({
    controllerSettings: { nodeMonitorGraceMs: 40_000 },
    defaultTolerationSeconds: { unreachable: 0, notReady: 300 },
  });
});

test.each([
  [{ "default-unreachable-toleration-seconds": "1.5" }, "is not a whole number"],
  [{ "node-monitor-grace-period": "0" }, "is at least 1s"],
])("a server refuses %j", (values, why) => {
  expect(() => nodeOptions(given(nodeFlags, values))).toThrow(why);
});
