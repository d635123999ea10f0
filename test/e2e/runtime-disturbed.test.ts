import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "#kit/log";
import { locationsFor } from "#kit/locations";
import { Channel, connectSupervisor } from "#runtime/embedded/channel";
import { Launcher } from "#runtime/embedded/launcher";
import { FrameType } from "#runtime/embedded/wire";
import { encodeOperations } from "#runtime/plan/operations";
import type { RuntimeEvent } from "#runtime/runtime";
import { eventually, exitCode } from "#test/e2e/runtime-fixture";
import { fixture, groupsNamed, useRuntime } from "#test/e2e/runtime-setup";

/** Single failures of the native side: what was asked is answered, and what was left is done in the end. */
useRuntime();

const users = { firstId: 1_200_029_696, count: 65_536 };

function childrenOf(parent: number): readonly number[] {
  try {
    return execFileSync("pgrep", ["-P", String(parent)], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    // pgrep fails where there is none.
    return [];
  }
}

const launchers = (): readonly number[] =>
  childrenOf(process.pid).filter(
    (pid) => readFileSync(`/proc/${pid}/comm`, "utf8") === "kaji-launcher\n",
  );

function makeFifo(name: string): string {
  const path = join(fixture.root, name);
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
  return path;
}

test("what a killed process was asked to do is answered as not done", async () => {
  const before = new Set(launchers());
  const lock = join(fixture.root, "disturbed.lock");
  const launcher = new Launcher("runtime/native/build", lock, silentLog);
  try {
    launcher.start();
    await eventually("it runs", () => launchers().some((pid) => !before.has(pid)));
    const [own = 0] = launchers().filter((pid) => !before.has(pid));
    // It waits for a reader, for ever.
    const asked = launcher.apply([["write", makeFifo("nobody-reads"), "x"]]);
    const answer = asked.then(
      () => "done",
      (error: Error) => error.message,
    );
    await eventually("a process does it", () => childrenOf(own).length === 1);
    process.kill(childrenOf(own)[0] ?? 0, "SIGKILL");
    expect(await answer).toBe("list its process was killed by signal 9: interrupted system call");
    // The launcher itself goes on, and leaves no process behind.
    await launcher.apply([["mkdirs", join(fixture.root, "after"), 0o700]]);
    expect(existsSync(join(fixture.root, "after"))).toBe(true);
    await eventually("nothing of it is left", () => childrenOf(own).length === 0);
  } finally {
    launcher.close();
  }
});

test("what a dead supervisor left goes in the end, though the launcher died of its removal", async () => {
  const { runtime } = fixture;
  const sandbox = await fixture.sandbox();
  const id = await fixture.run(sandbox, "sleep 60");
  const events: RuntimeEvent[] = [];
  const forget = runtime.onEvent((event) => void events.push(event));
  const supervisor = (await runtime.listSandboxes()).find((at) => at.id === sandbox)?.pid ?? 0;
  const [launcher = 0] = launchers();
  process.kill(launcher, "SIGSTOP");
  process.kill(supervisor, "SIGKILL");
  // Said before the clean-up is asked for.
  expect(await exitCode(runtime, id)).toBe(137);
  process.kill(launcher, "SIGKILL");
  await eventually("the sandbox is said to have stopped", () =>
    events.some(({ type, sandboxId }) => type === "sandboxStopped" && sandboxId === sandbox),
  );
  forget();
  expect(groupsOf(sandbox)).toEqual([]);
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(sandbox);
  await runtime.removeSandbox(sandbox);
});

function groupsOf(sandboxId: string): readonly string[] {
  const { instance } = locationsFor(fixture.root);
  return groupsNamed(instance).filter((controller) =>
    JSON.stringify(
      readdirSync(join("/sys/fs/cgroup", controller, instance), { recursive: true }),
    ).includes(sandboxId),
  );
}

test("a container with users of its own whose builder was killed did not start, and says why", async () => {
  const sandbox = await fixture.sandbox({ users });
  const sandboxes = join(locationsFor(fixture.root).run, "sandboxes");
  const [directory = ""] = readdirSync(sandboxes);
  const supervisor =
    (await fixture.runtime.listSandboxes()).find((at) => at.id === sandbox)?.pid ?? 0;
  const channel = new Channel(await connectSupervisor(join(sandboxes, directory)));
  try {
    const child = encodeOperations([
      ["process_one", encodeOperations([["exec", 1, "/bin/true"]])],
      ["write", makeFifo("builder-waits"), "x"],
      ["hand_over"],
    ]);
    const nothing = encodeOperations([]);
    const fields = ["disturbed", 0, "", "", 0, 0, "", nothing, child, nothing, "", 0];
    const started = channel.request(FrameType.start, fields).then(
      () => "started",
      (error: Error) => error.message,
    );
    await eventually("builder and process 1 wait", () => childrenOf(supervisor).length === 2);
    const isOfHost = (pid: number): boolean =>
      readFileSync(`/proc/${pid}/uid_map`, "utf8").includes("4294967295");
    const builder = childrenOf(supervisor).find(isOfHost) ?? 0;
    process.kill(builder, "SIGKILL");
    expect(await started).toBe(
      "process_one who prepared the container was killed: operation canceled",
    );
    await eventually("both are gone", () => childrenOf(supervisor).length === 0);
  } finally {
    channel.close();
  }
  await fixture.runtime.removeSandbox(sandbox);
});
