import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endOrphans, pidFileOf } from "#cli/keeper";
import { locationsFor } from "#kit/locations";
import { readIfThere } from "#kit/read-if-there";
import { sendSignal } from "#kit/send-signal";
import { eventually } from "#test/support/host";

/** A component that starts a program: until it is that program, the child has its parent's words and variables. */
const COMPONENT = `
const { spawn } = require("node:child_process");
process.stdout.write(process.pid + "\\n");
if (!process.argv.includes("child"))
  spawn(process.execPath, [...process.argv.slice(1), "child"], { stdio: "inherit" });
setInterval(() => undefined, 1_000);
`;

let root: string;
let keeper: ChildProcess;
let started: number[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "kaji-keeper-"));
  const script = join(root, "component.cjs");
  writeFileSync(script, COMPONENT);
  const pidFile = pidFileOf(locationsFor(root), "ingress");
  const loop = 'KAJI_KEPT=$0 "$@"; true';
  const command = [process.execPath, script, "ingress"];
  keeper = spawn("/bin/sh", ["-c", loop, pidFile, ...command], { stdio: ["ignore", "pipe", 2] });
  let text = "";
  keeper.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  started = await eventually("the component has started a program", () => {
    const pids = text.split("\n").filter(Boolean).map(Number);
    return pids.length === 2 && pids;
  });
});

afterEach(() => {
  for (const pid of [keeper.pid ?? 0, ...started]) if (pid > 0) sendSignal(pid, "SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

test("what a kept component is just starting is no orphan", async () => {
  await endOrphans(locationsFor(root), "ingress");
  expect(started.map(isAlive)).toEqual([true, true]);
});

test("a component whose keeper was killed is ended", async () => {
  sendSignal(keeper.pid ?? 0, "SIGKILL");
  await eventually("the kernel knows", () => keeper.signalCode !== null);
  await endOrphans(locationsFor(root), "ingress");
  expect(started.slice(0, 1).map(isAlive)).toEqual([false]);
});

function isAlive(pid: number): boolean {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat !== "" && !/\) [ZX] /.test(stat);
}
