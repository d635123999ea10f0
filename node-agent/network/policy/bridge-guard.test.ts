import { describe, expect, test } from "vitest";
import { silentLog } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { createBridgeGuard } from "#node-agent/network/policy/bridge-guard";

/** Fails so often in this way, then applies. */
function setUp(failure: CommandFailed, times = 1) {
  const texts: string[] = [];
  let left = times;
  const run: RunCommand = async (_argv, text = "") => {
    texts.push(text);
    if (left-- > 0) throw failure;
    return "";
  };
  return { texts, guard: createBridgeGuard({ run, log: silentLog }, "kaji", "kaji") };
}

const pod = { hostInterface: "kaji1", ip: "10.244.0.2" };

describe("the guard of the bridge", () => {
  test.each([
    [
      "was killed",
      new CommandFailed("nft -f - was killed by SIGKILL", false, { isCutShort: true }),
    ],
    ["found no memory", new CommandFailed("nft -f - failed with 1: Cannot allocate memory", false)],
    ["is not installed yet", new CommandFailed("cannot run nft", true)],
  ])(
    "is not taken for applied when nft %s, and is applied by the next attempt",
    async (_, failure) => {
      const { guard, texts } = setUp(failure);
      await expect(guard.apply([pod])).rejects.toThrow("the bridge keeps the rules it had");
      await guard.apply([pod]);
      expect(texts).toHaveLength(2);
      expect(texts[1]).toContain('"kaji1" . 0a:58:0a:f4:00:02 . 10.244.0.2');
      await guard.apply([pod]);
      expect(texts).toHaveLength(2);
    },
  );

  test.each(["No such file or directory", "Operation not supported"])(
    "is left alone by a kernel that has none for bridges: %s",
    async (complaint) => {
      const message = `nft -f - failed with 1: Error: Could not process rule: ${complaint}`;
      const { guard, texts } = setUp(new CommandFailed(message, false), Number.POSITIVE_INFINITY);
      await guard.apply([pod]);
      await guard.apply([]);
      expect(texts).toHaveLength(1);
    },
  );
});
