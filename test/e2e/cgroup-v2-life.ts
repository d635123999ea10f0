import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locationsFor } from "#kit/locations";
import { removeInstanceGroups } from "#runtime/embedded/clean-up";
import {
  containerGroup,
  execute,
  groupAt,
  instanceGroup,
  ROOT,
  sandboxGroup,
  withSandbox,
} from "#test/e2e/cgroup-v2-groups";
import { eventually, exitCode, type Fixture } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

/** What a container goes through, and where its processes are meanwhile. */
export const life: readonly Check<Fixture>[] = [
  {
    name: "the host has cgroup v2 alone, and this process is in a service's group",
    run: async () => {
      assert.equal(
        readFileSync("/proc/self/cgroup", "utf8").trim(),
        "0::/system.slice/kaji.service",
      );
      assert.ok(!/ - cgroup /.test(readFileSync("/proc/self/mountinfo", "utf8")));
    },
  },
  {
    name: "a container sees its own group as the root, read-only, and ends with its code",
    run: async (fixture) => {
      const script = `cat /proc/self/cgroup; cat ${ROOT}/cgroup.procs; echo 1 > ${ROOT}/memory.max; exit 7`;
      const { code, text } = await fixture.output(script);
      assert.equal(code, 7);
      assert.match(text, /^0::\/\n1\n\d+\n/);
      assert.match(text, /memory\.max: Read-only file system/);
    },
  },
  {
    name: "only the lowest groups hold processes, and each hands its controllers down",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60");
        const group = await containerGroup(fixture, id);
        const sandbox = await sandboxGroup(fixture, sandboxId);
        const { pid } = (await fixture.runtime.containerStatus(id)) ?? {};
        assert.equal(group.file("cgroup.procs"), String(pid));
        for (const parent of [sandbox, instanceGroup(fixture)]) {
          assert.equal(parent.file("cgroup.procs"), "");
          assert.equal(parent.file("cgroup.subtree_control"), "cpu memory pids");
        }
        assert.equal(group.file("cgroup.subtree_control"), "");
      }),
  },
  {
    name: "a command beside the container is in its group and ends with it",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60");
        const group = await containerGroup(fixture, id);
        const answer = await execute(fixture, id, "sh", "-c", "cat /proc/self/cgroup; exit 5");
        assert.deepEqual(answer, { code: 5, text: "0::/\n" });
        const beside = execute(fixture, id, "sleep", "60");
        const inGroup = (): number => group.file("cgroup.procs").split("\n").length;
        await eventually("both are in the group", () => inGroup() === 2);
        await fixture.runtime.stopContainer(id, 0);
        assert.equal((await beside).code, 137);
      }),
  },
  {
    name: "stopping is heard by who listens and kills who does not",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const polite = await fixture.run(
          sandboxId,
          "trap 'exit 4' TERM; echo ready; while :; do sleep 0.1; done",
        );
        const log = (await fixture.runtime.containerStatus(polite))?.config.logPath ?? "";
        await eventually("the trap is set", async () => (await fixture.log(log)).includes("ready"));
        await fixture.runtime.stopContainer(polite, 60_000);
        assert.equal((await fixture.runtime.containerStatus(polite))?.exitCode, 4);
        const deaf = await fixture.run(sandboxId, "sleep 60");
        await fixture.runtime.stopContainer(deaf, 100);
        assert.equal(await exitCode(fixture.runtime, deaf), 137);
      }),
  },
  {
    name: "with shared processes the end of a container ends all of its group and no other",
    run: (fixture) => {
      const namespaces = { network: "sandbox", pid: "sandbox", ipc: "sandbox" } as const;
      return withSandbox(fixture, { namespaces }, async (sandboxId) => {
        const other = await fixture.run(sandboxId, "sleep 60");
        const id = await fixture.run(sandboxId, "sleep 61 & setsid sleep 62 & sleep 63");
        const group = await containerGroup(fixture, id);
        const inGroup = (): number => group.file("cgroup.procs").split("\n").length;
        await eventually("all its processes run", () => inGroup() >= 3);
        await fixture.runtime.stopContainer(id, 0);
        assert.ok(!group.exists());
        assert.equal((await fixture.runtime.containerStatus(other))?.state, "running");
      });
    },
  },
  {
    name: "another runtime takes containers over, with their groups",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60");
        const group = await containerGroup(fixture, id);
        await fixture.runtime.close();
        const second = fixture.reopen();
        await second.start();
        const { pid, state } = (await second.containerStatus(id)) ?? {};
        assert.deepEqual([state, group.file("cgroup.procs")], ["running", String(pid)]);
        assert.deepEqual(
          (await second.stats()).map(({ pids }) => pids),
          [1],
        );
        await second.updateResources(id, { pidsLimit: 7 });
        assert.equal(group.file("pids.max"), "7");
        await second.stopContainer(id, 0);
        assert.ok(!group.exists());
        await second.close();
        await fixture.runtime.start();
      }),
  },
  {
    name: "a container's group goes when it ends, a sandbox's and all above when it is removed",
    run: async (fixture) => {
      await withSandbox(fixture, {}, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 0.1");
        const group = await containerGroup(fixture, id);
        await exitCode(fixture.runtime, id);
        assert.ok(!group.exists());
        assert.ok((await sandboxGroup(fixture, sandboxId)).exists());
      });
      assert.ok(!instanceGroup(fixture).exists());
      const groups = readdirSync(ROOT).filter((name) =>
        groupAt(`${ROOT}/${name}/cgroup.procs`).exists(),
      );
      assert.deepEqual(groups, ["system.slice"]);
    },
  },
  {
    name: "groups that were left behind go with the instance",
    run: async (fixture) => {
      const left = join(instanceGroup(fixture).path, "burstable/left/behind");
      mkdirSync(left, { recursive: true });
      removeInstanceGroups(locationsFor(fixture.root));
      assert.ok(!instanceGroup(fixture).exists());
    },
  },
];
