import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { containerConfig, eventually, exitCode } from "#test/e2e/runtime-fixture";
import { execute, fixture, useRuntime, withSecurity } from "#test/e2e/runtime-setup";

useRuntime();

describe("identity and files", () => {
  test("users by id, by name of the image and by group are looked up, with their groups and home", async () => {
    const byName = await fixture.output("id; echo $HOME", withSecurity({ runAsUser: "web" }));
    expect(byName.text).toBe(
      "uid=1234(web) gid=2345(web) groups=2345(web),4567(extra)\n/home/web\n",
    );
    const byId = await fixture.output(
      "id; grep CapEff /proc/self/status; echo x > /dev/stdout",
      withSecurity({ runAsUser: "99", runAsGroup: 88, supplementalGroups: [77] }),
    );
    expect(byId.text).toBe("uid=99 gid=88 groups=77,88\nCapEff:\t0000000000000000\nx\n");
  });

  test("an unknown user name is refused at creation", async () => {
    const sandbox = await fixture.sandbox();
    const config = {
      ...containerConfig("nobody", "true"),
      ...withSecurity({ runAsUser: "ghost" }),
    };
    await expect(fixture.runtime.createContainer(sandbox, config)).rejects.toThrow(
      "unable to find user ghost: no matching entries in passwd file",
    );
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a read-only root refuses writes, its volumes do not", async () => {
    const volume = join(fixture.root, "volume");
    mkdirSync(volume, { recursive: true });
    const { text } = await fixture.output("touch /x; echo kept > /data/file; ls /data", {
      ...withSecurity({ isReadOnlyRootfs: true }),
      mounts: [
        { hostPath: volume, containerPath: "/data", isReadOnly: false, propagation: "private" },
      ],
    });
    expect(text).toContain("touch: /x: Read-only file system");
    expect(readFileSync(join(volume, "file"), "utf8")).toBe("kept\n");
  });

  test("volumes: files, nested paths, read-only, and a symbolic link of the image stays inside", async () => {
    const volume = join(fixture.root, "nested");
    mkdirSync(volume, { recursive: true });
    writeFileSync(join(volume, "file"), "content");
    const mount = { isReadOnly: true, propagation: "private" } as const;
    const { text } = await fixture.output(
      "cat /deep/er/file /etc/hosts /put/file; touch /deep/er/new; pwd",
      {
        workingDir: "/made/here",
        mounts: [
          { hostPath: join(volume, "file"), containerPath: "/etc/hosts", ...mount },
          { hostPath: volume, containerPath: "/deep/er", ...mount },
          { hostPath: volume, containerPath: "/escape/put", ...mount },
        ],
      },
    );
    expect(text).toContain("contentcontentcontent");
    expect(text).toContain("touch: /deep/er/new: Read-only file system");
    expect(text).toContain("/made/here");
  });

  test("the environment is the image's, then the container's", async () => {
    const { text } = await fixture.output("echo $FROM_IMAGE $ADDED $HOSTNAME", {
      env: [{ name: "ADDED", value: "a b" }],
    });
    expect(text).toMatch(/^yes a b box-\d+\n$/);
  });
});

describe("limits", () => {
  test("a container over its memory limit is killed and says OOMKilled", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "exec dd if=/dev/zero of=/dev/null bs=200M count=1", {
      resources: { memoryLimitBytes: 32 << 20 },
    });
    expect(await exitCode(fixture.runtime, id)).toBe(137);
    expect(await fixture.runtime.containerStatus(id)).toMatchObject({
      reason: "OOMKilled",
      signal: 9,
    });
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("the pids limit stops a fork bomb", async () => {
    const { text } = await fixture.output(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1 & done",
      { resources: { pidsLimit: 5 } },
    );
    expect(text).toContain("can't fork");
  });

  test("limits of a running container change", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "sleep 60", { resources: { cpuLimitMillis: 500 } });
    const read = async () =>
      (
        await execute(
          id,
          "sh",
          "-c",
          "cat /sys/fs/cgroup/cpu*/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null",
        )
      ).out;
    expect(await read()).toContain("50000");
    await fixture.runtime.updateResources(id, { cpuLimitMillis: 250 });
    expect(await read()).toContain("25000");
    const [stats] = await fixture.runtime.stats();
    expect(stats).toMatchObject({ containerId: id });
    expect(stats?.memoryUsageBytes).toBeGreaterThan(0);
    expect(stats?.pids).toBeGreaterThan(0);
    await fixture.runtime.removeSandbox(sandbox);
  });
});

describe("logs", () => {
  test("lines are in CRI format, long ones in parts, unfinished ones are kept", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(
      sandbox,
      "echo out; echo err >&2; head -c 20000 /dev/zero | tr '\\0' x; echo; printf end",
    );
    await exitCode(fixture.runtime, id);
    const name = (await fixture.runtime.containerStatus(id))?.config.logPath ?? "";
    const lines = (await fixture.log(name)).trimEnd().split("\n");
    for (const line of lines) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z std(out|err) [FP] /);
    }
    const bodies = lines.map((line) => line.split(" ").slice(1, 3).join(" "));
    expect(bodies.toSorted()).toEqual(["stderr F", "stdout F", "stdout F", "stdout F", "stdout P"]);
    expect(lines.find((line) => line.includes(" P "))?.split(" ")[3]).toHaveLength(16384);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a log rotates by size and keeps five files", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(
      sandbox,
      "yes 0123456789abcdef0123456789abcdef0123456789abcdef | head -n 800000; sleep 60",
    );
    const name = (await fixture.runtime.containerStatus(id))?.config.logPath ?? "";
    const directory = join(fixture.root, "pod-logs");
    const files = () => readdirSync(directory).filter((file) => file.startsWith(name));
    const wanted = [name, `${name}.1`, `${name}.2`, `${name}.3`, `${name}.4`];
    await eventually("five files", () => files().toSorted().join() === wanted.join());
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a log that was renamed is opened again when asked", async () => {
    const sandbox = await fixture.sandbox();
    const id = await fixture.run(sandbox, "cat", { stdin: true });
    const name = (await fixture.runtime.containerStatus(id))?.config.logPath ?? "";
    const path = join(fixture.root, "pod-logs", name);
    renameSync(path, `${path}.old`);
    await fixture.runtime.reopenLog(id);
    const wanted = { stdin: true, stdout: true, stderr: true };
    const session = await fixture.runtime.attach(id, wanted);
    session.stdin?.write("after\n");
    await eventually("the new file has the line", () =>
      readFileSync(path, "utf8").includes("stdout F after"),
    );
    session.close();
    await fixture.runtime.removeSandbox(sandbox);
  });
});
