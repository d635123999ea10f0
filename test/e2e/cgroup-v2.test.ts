// lane: alone (emulates a processor: with others beside it the guest is too slow for its own deadlines)
import { execFileSync } from "node:child_process";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { onContainerHost, onHost } from "#test/e2e/cgroup-v2-checks";
import { whyNot } from "#test/e2e/runtime-fixture";
import { type Outcome, readOutcomes } from "#test/microvm/check";
import { DOWNLOAD_LIMIT_MS, type Kernel, microvmKernel } from "#test/microvm/kernel";
import { runInMicrovm } from "#test/microvm/machine";

const LIMIT_MS = 300_000;
const CONSOLE_TAIL_LINES = 40;
const program = {
  source: "test/e2e/cgroup-v2-guest.ts",
  modules: ["fs/overlayfs/overlay.ko", "drivers/block/brd.ko"],
};

/** Or why there can be no guest. */
function prepared(): Kernel | string {
  const reason = whyNot();
  if (reason !== undefined) return reason;
  if (process.arch !== "x64") return "the guest runs programs of this machine, which is no x86-64";
  try {
    execFileSync("qemu-system-x86_64", ["--version"], { stdio: "ignore" });
  } catch {
    return "needs Debian's qemu-system-x86";
  }
  try {
    return microvmKernel();
  } catch (error) {
    return `needs Debian's linux-image-cloud-amd64: ${String(error)}`;
  }
}

describe("a host with cgroup v2 alone", () => {
  let skipped: string | undefined;
  let lines: readonly string[] = [];
  let outcomes: ReadonlyMap<string, Outcome> = new Map();

  beforeAll(async () => {
    const kernel = prepared();
    if (typeof kernel === "string") {
      console.warn(`cgroup v2 tests are skipped: ${kernel}`);
      skipped = kernel;
      return;
    }
    lines = await runInMicrovm(kernel, program, LIMIT_MS);
    outcomes = readOutcomes(lines);
  }, LIMIT_MS + DOWNLOAD_LIMIT_MS);
  beforeEach((context) => {
    if (skipped !== undefined) context.skip(skipped);
  });

  test.each([...onHost, ...onContainerHost].map(({ name }) => name))("%s", (name) => {
    const outcome = outcomes.get(name);
    const tail = lines.slice(-CONSOLE_TAIL_LINES).join("\n");
    expect(outcome, `the guest did not come to it; its console ends:\n${tail}`).toBeDefined();
    expect(outcome?.failure).toBeUndefined();
  });

  test("no step had to be left out, and the guest's program ended well", () => {
    expect(lines.filter((line) => line.includes('"level":"warn"'))).toEqual([]);
    expect(lines.join("\n")).toMatch(/^microvm: exit 0 /m);
  });
});
