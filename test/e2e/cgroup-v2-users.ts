import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  containerGroup,
  endOf,
  execute,
  sandboxGroup,
  withSandbox,
} from "#test/e2e/cgroup-v2-groups";
import { eventually, exitCode, type Fixture, security } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

const users = { firstId: 1 << 30, count: 65_536 };
const OWN_USERS = new RegExp(`^ +0 +${users.firstId} +${users.count}\n$`);
const mighty = {
  security: { ...security, addCapabilities: ["ALL"], seccomp: "unconfined", masksProc: false },
} as const;
const MIB = 1 << 20;

const mapOf = (pid: string | number | undefined): string =>
  readFileSync(`/proc/${pid}/uid_map`, "utf8");

/** Sandboxes with users of their own. The guest's disk maps owners; its kernel may be too old for files in memory. */
export const ownUsers: readonly Check<Fixture>[] = [
  {
    name: "the host says whether it can map the owners of all that a sandbox may have",
    run: async ({ runtime }) => {
      const missing = runtime.missingUserNamespaces();
      console.log(`users of a sandbox's own: ${missing ?? "possible"}`);
      // Linux 6.3 maps those of tmpfs, which is the last thing that is tried.
      assert.match(
        missing ?? "",
        /^$|^this kernel cannot do it: tree_idmap .*\/rootfs: invalid argument$/,
      );
    },
  },
  {
    name: "a container with users of its own is born in its group, with what runs beside it, and ends with it",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60");
        const { pid } = (await fixture.runtime.containerStatus(id)) ?? {};
        const group = await containerGroup(fixture, id);
        assert.equal(group.file("cgroup.procs"), String(pid));
        assert.match(mapOf(pid), OWN_USERS);
        const answer = await execute(fixture, id, "sh", "-c", "cat /proc/self/cgroup; exit 5");
        assert.deepEqual(answer, { code: 5, text: "0::/\n" });
        const beside = execute(fixture, id, "sleep", "60");
        const inGroup = (): string[] => group.file("cgroup.procs").split("\n");
        await eventually("both are in the group", () => inGroup().length === 2);
        for (const process of inGroup()) assert.match(mapOf(process), OWN_USERS);
        await fixture.runtime.stopContainer(id, 0);
        assert.equal((await beside).code, 137);
        assert.ok(!group.exists());
        const done = await fixture.run(sandboxId, "exit 7");
        assert.equal(await exitCode(fixture.runtime, done), 7);
      }),
  },
  {
    name: "with users of its own and shared processes the end of a container ends all of its group and no other",
    run: (fixture) => {
      const namespaces = { network: "sandbox", pid: "sandbox", ipc: "sandbox" } as const;
      return withSandbox(fixture, { namespaces, users }, async (sandboxId) => {
        const other = await fixture.run(sandboxId, "sleep 60");
        const id = await fixture.run(sandboxId, "sleep 61 & setsid sleep 62 & sleep 63");
        const group = await containerGroup(fixture, id);
        await eventually(
          "all its processes run",
          () => group.file("cgroup.procs").split("\n").length >= 3,
        );
        await fixture.runtime.stopContainer(id, 0);
        assert.ok(!group.exists());
        assert.equal((await fixture.runtime.containerStatus(other))?.state, "running");
      });
    },
  },
  {
    name: "limits hold for a container with users of its own: memory, processes, processor",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const eater = await fixture.run(sandboxId, "tail /dev/zero", {
          resources: { memoryLimitBytes: 16 * MIB },
        });
        const { exitCode: code, reason } = await endOf(fixture, eater);
        assert.deepEqual({ code, reason }, { code: 137, reason: "OOMKilled" });
        const forks = "for i in 1 2 3 4 5 6 7 8 9; do sleep 60 & done; echo all";
        const many = await fixture.run(sandboxId, forks, { resources: { pidsLimit: 5 } });
        const log = await fixture.log((await endOf(fixture, many)).config.logPath);
        assert.match(log, /can't fork: Resource temporarily unavailable/);
        const busy = await fixture.run(sandboxId, "while :; do :; done", {
          resources: { cpuLimitMillis: 50 },
        });
        const group = await containerGroup(fixture, busy);
        await eventually("it was throttled", () => group.counter("cpu.stat", "nr_throttled") > 2);
        await fixture.runtime.updateResources(busy, { memoryLimitBytes: 32 * MIB });
        assert.equal(group.file("memory.max"), String(32 * MIB));
      }),
  },
  {
    name: "who has all rights inside mounts the groups, sees its own alone and can neither change its limits nor leave",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const overrides = { ...mighty, resources: { memoryLimitBytes: 64 * MIB, pidsLimit: 30 } };
        const id = await fixture.run(sandboxId, "sleep 60", overrides);
        const group = await containerGroup(fixture, id);
        const mount = await execute(
          ...[fixture, id, "sh", "-c"],
          "mkdir /g && mount -t cgroup2 g /g && cat /g/memory.max /proc/self/cgroup",
        );
        assert.equal(mount.code, 0, mount.text);
        assert.match(mount.text, new RegExp(`^${64 * MIB}\n0::/\n$`));
        const attacks = [
          "echo max >/g/memory.max",
          "echo max >/g/pids.max",
          "echo +memory >/g/cgroup.subtree_control",
          "mkdir /g/own",
          "echo 1 >/g/cgroup.kill",
        ];
        for (const attack of attacks) {
          const { code, text } = await execute(fixture, id, "sh", "-c", attack);
          assert.notEqual(code, 0, attack);
          assert.match(text, /denied|not permitted/, attack);
        }
        assert.deepEqual(
          [group.file("memory.max"), group.file("pids.max")],
          [String(64 * MIB), "30"],
        );
      }),
  },
  {
    name: "a privileged container with users of its own has none of the host's devices",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const privileged = { security: { ...security, isPrivileged: true } };
        const id = await fixture.run(sandboxId, "sleep 60", privileged);
        const numbers = readFileSync("/sys/class/block/ram0/dev", "utf8").trim().split(":");
        for (const attack of [
          ": </dev/rtc0",
          `mknod /disk b ${numbers.join(" ")}`,
          ": </dev/kmsg",
        ]) {
          assert.notEqual((await execute(fixture, id, "sh", "-c", attack)).code, 0, attack);
        }
        const usual = "echo x >/dev/null && head -c 8 /dev/zero /dev/urandom >/dev/null";
        assert.deepEqual(await execute(fixture, id, "sh", "-c", usual), { code: 0, text: "" });
      }),
  },
  {
    name: "another runtime takes containers with users of their own over, with their groups",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60");
        const group = await containerGroup(fixture, id);
        await fixture.runtime.close();
        const second = fixture.reopen();
        await second.start();
        try {
          const answer = await execute(
            { ...fixture, runtime: second },
            id,
            "cat",
            "/proc/self/uid_map",
          );
          assert.match(answer.text, OWN_USERS);
          assert.deepEqual(
            (await second.stats()).map(({ containerId }) => containerId),
            [id],
          );
          const added = await second.createContainer(sandboxId, {
            ...((await second.containerStatus(id))?.config ?? assert.fail("it is gone")),
            name: "added",
            logPath: "added.log",
          });
          await second.startContainer(added);
          assert.match(mapOf((await second.containerStatus(added))?.pid), OWN_USERS);
          await second.stopContainer(added, 0);
          await second.stopContainer(id, 0);
          assert.ok(!group.exists());
        } finally {
          await second.close();
          await fixture.runtime.start();
        }
        assert.ok((await sandboxGroup(fixture, sandboxId)).exists());
      }),
  },
];

/** In a container the top group is another one; whose users the processes have makes no difference. */
export const ownUsersInContainer: Check<Fixture> = {
  name: "in a container a sandbox with users of its own has its group and its limits",
  run: (fixture) =>
    withSandbox(fixture, { users }, async (sandboxId) => {
      const resources = { memoryLimitBytes: 16 * MIB };
      const id = await fixture.run(sandboxId, "read line; tail /dev/zero", {
        ...{ resources, stdin: true },
      });
      const { pid } = (await fixture.runtime.containerStatus(id)) ?? {};
      assert.equal((await containerGroup(fixture, id)).file("cgroup.procs"), String(pid));
      assert.match(mapOf(pid), OWN_USERS);
      const streams = { stdin: true, stdout: false, stderr: false };
      (await fixture.runtime.attach(id, streams)).stdin?.end("go\n");
      assert.equal((await endOf(fixture, id)).reason, "OOMKilled");
    }),
};
