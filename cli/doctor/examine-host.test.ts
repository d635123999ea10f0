import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { examineHost } from "#cli/doctor/examine-host";
import { locationsFor } from "#kit/locations";

const root = mkdtempSync(join(tmpdir(), "kaji-doctor-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A root below which these components have been. */
function hostOf(name: string, ...traces: readonly string[]): string {
  const dir = join(root, name);
  for (const trace of traces) mkdirSync(join(dir, "lib", trace), { recursive: true });
  return dir;
}

async function stoppedAt(dir: string): Promise<string[]> {
  const { stopped } = await examineHost(locationsFor(dir));
  return stopped.map(({ component }) => component);
}

describe("a host that is looked at", () => {
  test("misses no server and no ingress where it has only joined a cluster", async () => {
    const dir = hostOf("joined", "agent");
    const { stopped } = await examineHost(locationsFor(dir));
    // `kaji up` would make a second cluster of it.
    expect(stopped).toEqual([{ component: "agent", command: "kaji agent" }]);
    expect((await examineHost(locationsFor(dir))).nginx).toBeUndefined();
  });

  test("misses all that it had, and all of them where a first start came to nothing", async () => {
    const whole = hostOf("whole", "pki", "agent", "ingress");
    expect(await stoppedAt(whole)).toEqual(["server", "agent", "ingress"]);
    const barren = hostOf("barren", ".");
    expect(await stoppedAt(barren)).toEqual(["server", "agent", "ingress"]);
  });

  test("misses none that systemd keeps running, and that of another root all the same", async () => {
    const dir = hostOf("unit", "agent");
    const program = join(dir, "program.mjs");
    writeFileSync(program, "setInterval(() => {}, 1e6); console.log();");
    const child = spawn(process.execPath, [program, "agent", "--root-dir", dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await new Promise((resolve) => child.stdout.once("data", resolve));
      expect(await stoppedAt(dir)).toEqual([]);
      expect(await stoppedAt(hostOf("other", "agent"))).toEqual(["agent"]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("says what nginx was last refused for, by the end of the ingress's log", async () => {
    const dir = hostOf("refused", "ingress");
    const log = join(dir, "log");
    mkdirSync(log, { recursive: true });
    const said = (time: string, error: string) =>
      `${JSON.stringify({ time, message: "the ingress could not be brought up to date", error })}\n`;
    writeFileSync(
      join(log, "ingress.log"),
      [
        ...[said("2026-01-01T00:00:00Z", "one"), said("2026-01-01T00:00:05Z", "two")],
        `${JSON.stringify({ time: "2026-01-01T00:00:09Z", message: "other" })}\n`,
      ].join(""),
    );
    const { nginx } = await examineHost(locationsFor(dir));
    const atMs = Date.parse("2026-01-01T00:00:05Z");
    expect(nginx?.failure).toEqual({ atMs, sentence: "two" });
    expect((await examineHost(locationsFor(hostOf("quiet", "ingress")))).nginx?.failure).toBe(
      undefined,
    );
  });
});
