import { execFileSync } from "node:child_process";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checks } from "#test/e2e/cgroup-v2-checks";
import { whyNot } from "#test/e2e/runtime-fixture";
import { type Outcome, readOutcomes } from "#test/microvm/check";
import { type Kernel, microvmKernel } from "#test/microvm/kernel";
import { runInMicrovm } from "#test/microvm/machine";

const LIMIT_MS = 200_000;
const CONSOLE_TAIL_LINES = 40;
const program = { source: "test/e2e/cgroup-v2-guest.ts", modules: ["fs/overlayfs/overlay.ko"] };

function prepared(): Kernel | string {
  const reason = whyNot();
  if (reason !== undefined) return reason;
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
  const kernel = prepared();
  let lines: readonly string[] = [];
  let outcomes: ReadonlyMap<string, Outcome> = new Map();

  if (typeof kernel === "string") console.warn(`cgroup v2 tests are skipped: ${kernel}`);
  beforeAll(async () => {
    if (typeof kernel === "string") return;
    lines = await runInMicrovm(kernel, program, LIMIT_MS);
    outcomes = readOutcomes(lines);
  }, LIMIT_MS + 30_000);
  beforeEach((context) => {
    if (typeof kernel === "string") context.skip(kernel);
  });

  test.each(checks)("$name", ({ name }) => {
    const outcome = outcomes.get(name);
    const tail = lines.slice(-CONSOLE_TAIL_LINES).join("\n");
    expect(outcome, `the guest did not come to it; its console ends:\n${tail}`).toBeDefined();
    expect(outcome?.failure).toBeUndefined();
  });

  test("nothing is left in the guest at the end", () => {
    expect(lines.join("\n")).toMatch(/^microvm: exit 0 /m);
  });
});
