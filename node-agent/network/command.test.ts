import { expect, test } from "vitest";
import { CommandFailed, runCommand } from "#node-agent/network/command";

async function failureOf(...argv: readonly string[]): Promise<CommandFailed> {
  const failure = await runCommand(argv).catch((error: unknown) => error);
  if (!(failure instanceof CommandFailed)) throw new Error("it did not fail", { cause: failure });
  return failure;
}

test("a tool that answers, one that is not there and one that was cut short are three things", async () => {
  expect(await runCommand(["cat"], "input")).toBe("input");
  const answered = await failureOf("sh", "-c", "echo no such table >&2; exit 3");
  expect(answered).toMatchObject({ isMissing: false, isCutShort: false });
  expect(answered.message).toMatch(/failed with 3: no such table$/);
  expect(await failureOf("/no/such/tool")).toMatchObject({ isMissing: true, isCutShort: false });
  // Not allowed, today or tomorrow: that is an answer too.
  expect(await failureOf("/dev/null")).toMatchObject({ isMissing: false, isCutShort: false });
  expect(await failureOf("sh", "-c", "kill -9 $$")).toMatchObject({
    ...{ isMissing: false, isCutShort: true },
    message: expect.stringContaining("was killed by SIGKILL"),
  });
});
