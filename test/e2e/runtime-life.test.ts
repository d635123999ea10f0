import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locationsFor } from "#kit/locations";
import { containerConfig, eventually, exitCode } from "#test/e2e/runtime-fixture";
import { execute, fixture, groupsNamed, useRuntime } from "#test/e2e/runtime-setup";

useRuntime();

describe("life and death", () => {
  test("stopping sends the stop signal and waits; who ignores it is killed after the grace", async () => {
    const sandbox = await fixture.sandbox();
    const polite = await fixture.run(
      sandbox,
      "trap 'exit 4' USR1; echo ready; while :; do sleep 0.05; done",
      {
        stopSignal: "SIGUSR1",
      },
    );
    const log = (await fixture.runtime.containerStatus(polite))?.config.logPath ?? "";
    await eventually("the trap is set", async () => (await fixture.log(log)).includes("ready"));
    await fixture.runtime.stopContainer(polite, 60_000);
    expect(await fixture.runtime.containerStatus(polite)).toMatchObject({
      exitCode: 4,
      reason: "Error",
    });
    const deaf = await fixture.run(sandbox, "sleep 60");
    await fixture.runtime.stopContainer(deaf, 50);
    expect(await fixture.runtime.containerStatus(deaf)).toMatchObject({ exitCode: 137, signal: 9 });
    await fixture.runtime.stopContainer(deaf, 50);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a command that is not there is a start error with the usual words", async () => {
    const sandbox = await fixture.sandbox();
    const config = { ...containerConfig("absent", ""), command: ["absent"] };
    const id = await fixture.runtime.createContainer(sandbox, config);
    const message = 'exec: "absent": executable file not found in $PATH';
    await expect(fixture.runtime.startContainer(id)).rejects.toThrow(message);
    expect(await fixture.runtime.containerStatus(id)).toMatchObject({
      state: "exited",
      exitCode: 128,
      reason: "StartError",
      message,
    });
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("containers outlive the process that made them, and another takes them over", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const brief = await fixture.run(sandbox, "sleep 0.2; exit 6");
    const before = await fixture.runtime.containerStatus(id);
    await fixture.runtime.close();
    const second = fixture.reopen();
    await second.start();
    expect(await second.containerStatus(id)).toMatchObject({ state: "running", pid: before?.pid });
    expect((await second.listSandboxes()).find((at) => at.id === sandbox)?.state).toBe("ready");
    expect(await exitCode(second, brief)).toBe(6);
    await second.stopContainer(id, 0);
    await second.close();
    await fixture.runtime.start();
    expect(await fixture.runtime.containerStatus(id)).toMatchObject({
      state: "exited",
      exitCode: 137,
    });
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a supervisor killed with -9 takes its containers along, and they count as killed", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const pid = (await fixture.runtime.containerStatus(id))?.pid ?? 0;
    const holder =
      (await fixture.runtime.listSandboxes()).find((at) => at.id === sandbox)?.pid ?? 0;
    process.kill(holder, "SIGKILL");
    expect(await exitCode(fixture.runtime, id)).toBe(137);
    await eventually("its process is gone", () => !existsSync(`/proc/${pid}`));
    await eventually("the sandbox is stopped", async () =>
      (await fixture.runtime.listSandboxes()).some(
        (at) => at.id === sandbox && at.state === "stopped",
      ),
    );
    await fixture.runtime.removeSandbox(sandbox);
    expect(await fixture.runtime.listContainers()).toEqual([]);
  });

  test("a launcher that died is replaced, and nobody notices", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60");
    const launchers = execFileSync("pgrep", ["-P", String(process.pid), "-x", "kaji-launcher"]);
    for (const pid of launchers.toString().trim().split("\n")) process.kill(Number(pid), "SIGKILL");
    await eventually("another launcher makes sandboxes", async () => {
      const other = await fixture.sandbox().catch(() => undefined);
      if (other !== undefined) await fixture.runtime.removeSandbox(other);
      return other !== undefined;
    });
    expect(await fixture.runtime.containerStatus(id)).toMatchObject({ state: "running" });
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("removing a sandbox leaves no process, mount, group, directory", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60 & sleep 60");
    const pid = (await fixture.runtime.containerStatus(id))?.pid ?? 0;
    await fixture.runtime.removeSandbox(sandbox);
    await fixture.runtime.removeSandbox(sandbox);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(fixture.root);
    expect(groupsNamed(locationsFor(fixture.root).instance)).toEqual([]);
    expect(readdirSync(join(fixture.root, "run/sandboxes"))).toEqual([]);
    expect(readdirSync(join(fixture.root, "lib/containers"))).toEqual([]);
  });

  test("a container that has nested directories without end is removed like any other", async () => {
    const sandbox = await fixture.sandbox();
    const nest = "i=0; while [ $i -lt 400 ]; do mkdir d && cd d; i=$((i+1)); done";
    const id = await fixture.run(sandbox, nest);
    expect(await exitCode(fixture.runtime, id)).toBe(0);
    await fixture.runtime.removeSandbox(sandbox);
    expect(readdirSync(join(fixture.root, "lib/containers"))).toEqual([]);
  });

  test("one command over given layers leaves its changes in the upper directory alone", async () => {
    const upperDir = join(fixture.root, "once-upper");
    let text = "";
    const run = await fixture.runtime.runOnce({
      lowerDirs: [join(fixture.root, "image")],
      upperDir,
      config: {
        ...containerConfig("once", "echo built; echo new > /made; rm /etc/group; exit 3"),
        logPath: "",
      },
      onOutput: (_stream, chunk) => (text += String(chunk)),
    });
    expect(run.exitCode).toBe(3);
    expect(text).toBe("built\n");
    expect(readdirSync(upperDir)).toContain("made");
    expect(existsSync(`${upperDir}.work`)).toBe(false);
    expect(await fixture.runtime.listSandboxes()).toEqual([]);
  });
});

describe("network", () => {
  test("a sandbox has its address on the bridge, and its interface goes with it", async () => {
    const bridge = `kjt${process.pid.toString(36)}`.slice(0, 15);
    const hostInterface = `v${bridge}`.slice(0, 15);
    execFileSync("ip", ["link", "add", bridge, "type", "bridge"]);
    try {
      execFileSync("ip", ["addr", "add", "10.231.77.1/24", "dev", bridge]);
      execFileSync("ip", ["link", "set", bridge, "up"]);
      const sandbox = await fixture.sandbox({
        network: {
          bridge,
          hostInterface,
          address: "10.231.77.9/24",
          gateway: "10.231.77.1",
          mtu: 1400,
        },
        sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
      });
      const id = await fixture.run(sandbox, "sleep 60");
      const shown = await execute(
        id,
        "sh",
        "-c",
        "ip a; ip r; cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
      );
      expect(shown.out).toContain("inet 10.231.77.9/24");
      expect(shown.out).toContain("mtu 1400");
      expect(shown.out).toContain("default via 10.231.77.1");
      expect(shown.out.endsWith("\n0\n")).toBe(true);
      expect((await execute(id, "ping", "-c", "1", "-W", "5", "10.231.77.1")).code).toBe(0);
      await fixture.runtime.removeSandbox(sandbox);
      await eventually(
        "the interface is gone",
        () => !existsSync(`/sys/class/net/${hostInterface}`),
      );
    } finally {
      execFileSync("ip", ["link", "del", bridge]);
    }
  });

  test("a sandbox whose bridge is missing says so and leaves nothing", async () => {
    const network = {
      bridge: "kjnone0",
      hostInterface: "kjnone1",
      address: "10.1.2.3/24",
      gateway: "10.1.2.1",
      mtu: 1500,
    };
    await expect(fixture.sandbox({ network })).rejects.toThrow(
      /veth bridge kjnone0: no such device/,
    );
    expect(await fixture.runtime.listSandboxes()).toEqual([]);
  });
});
