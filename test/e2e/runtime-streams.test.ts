import { describe, expect, test } from "vitest";
import type { ExecSession } from "#runtime/runtime";
import { eventually, exitCode } from "#test/e2e/runtime-fixture";
import { execute, fixture, request, textOf, useRuntime } from "#test/e2e/runtime-setup";

useRuntime();

describe("exec, attach and ports", () => {
  test("a command has its own streams and exit code", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    expect(await execute(id, "sh", "-c", "echo o; echo e >&2; exit 3")).toEqual({
      code: 3,
      out: "o\n",
      err: "e\n",
    });
    const session = await fixture.runtime.exec(id, { ...request(["wc", "-c"]), stdin: true });
    session.stdin?.write(Buffer.alloc(500_000));
    session.stdin?.end();
    expect((await textOf(session.stdout)).trim()).toBe("500000");
    const status = await execute(
      id,
      "grep",
      "-E",
      "NoNewPrivs|Seccomp:|CapEff",
      "/proc/self/status",
    );
    expect(status.out).toBe("CapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n");
    await expect(execute(id, "missing")).rejects.toThrow(
      'exec: "missing": executable file not found in $PATH',
    );
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a slow reader of a command stops the command, and gets every byte", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const session = await fixture.runtime.exec(
      id,
      request(["head", "-c", "20000000", "/dev/zero"]),
    );
    let total = 0;
    for await (const chunk of session.stdout ?? []) total += (chunk as Buffer).length;
    expect(total).toBe(20_000_000);
    expect((await session.exit).exitCode).toBe(0);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a command over its time is killed and says so", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const session = await fixture.runtime.exec(id, { ...request(["sleep", "50"]), timeoutMs: 50 });
    expect(await session.exit).toEqual({ exitCode: 137, isTimedOut: true });
    await eventually("it is gone", async () => !(await execute(id, "ps")).out.includes("sleep 50"));
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a terminal has a size, follows resizing, and is the controlling one", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const session = await fixture.runtime.exec(id, { ...request(["sh"]), tty: true, stdin: true });
    session.resize(123, 45);
    session.stdin?.write("stty size; tty; exit 5\n");
    const text = await textOf(session.stdout);
    expect(text).toContain("45 123");
    expect(text).toMatch(/\/dev\/pts\/\d/);
    expect((await session.exit).exitCode).toBe(5);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("attaching to a container with a terminal reaches its shell", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "exec sh", { tty: true, stdin: true });
    const session: ExecSession = await fixture.runtime.attach(id, {
      stdin: true,
      stdout: true,
      stderr: true,
    });
    session.stdin?.write("echo $((20+22)); exit 9\n");
    expect(await textOf(session.stdout)).toContain("42");
    expect(await exitCode(fixture.runtime, id)).toBe(9);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("standard input once ends with its first client", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "exec wc -c", { stdin: true, stdinOnce: true });
    const session = await fixture.runtime.attach(id, { stdin: true, stdout: true, stderr: true });
    session.stdin?.end("12345");
    expect((await textOf(session.stdout)).trim()).toBe("5");
    expect((await session.exit).exitCode).toBe(0);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a port of the sandbox is reached from outside its network", async () => {
    const sandbox = await fixture.sandbox();
    await fixture.run(sandbox, "exec nc -l -p 8080 -e cat");
    const connect = async () => fixture.runtime.portForward(sandbox, 8080).catch(() => undefined);
    let stream = await connect();
    await eventually("it listens", async () => (stream ??= await connect()) !== undefined);
    stream?.writable.end("through");
    expect(await textOf(stream?.readable)).toBe("through");
    await expect(fixture.runtime.portForward(sandbox, 1)).rejects.toThrow("connection refused");
    await fixture.runtime.removeSandbox(sandbox);
  });
});
