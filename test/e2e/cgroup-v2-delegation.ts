import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { prepareTop } from "#runtime/cgroups/delegation";
import { containerGroup, endOf, groupAt, ROOT, withSandbox } from "#test/e2e/cgroup-v2-groups";
import type { Fixture } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

/** On the host itself. */
export const delegation: readonly Check<Fixture>[] = [
  {
    name: "a top group that lacks a controller is named, with the remedy",
    run: async () => {
      const bare = `${ROOT}/system.slice/kaji.service/bare`;
      mkdirSync(bare);
      try {
        await assert.rejects(prepareTop(bare, ["cpu", "memory", "pids"]), {
          message: `control group ${bare} has no cpu, memory, pids controller: have them delegated to this group`,
        });
        await assert.rejects(prepareTop(ROOT, ["cpu", "absent"]), {
          message: `control group ${ROOT} has no absent controller: add cgroup_enable=absent to the kernel's command line`,
        });
      } finally {
        rmdirSync(bare);
      }
    },
  },
];

/** Makes the guest's program see a group of its own as the top one, with itself in it, as in a container. */
export const ENTER_CONTAINER = [
  `mkdir ${ROOT}/box`,
  `echo $$ >${ROOT}/box/cgroup.procs`,
  `mount --bind ${ROOT}/box ${ROOT}`,
].join(" && ");

/** Where ENTER_CONTAINER was done. */
export const inContainer: readonly Check<Fixture>[] = [
  {
    name: "in a container the processes at the top make room in a leaf, and limits are in force",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        assert.equal(readFileSync("/proc/self/cgroup", "utf8").trim(), "0::/box/init");
        const top = groupAt(ROOT);
        assert.equal(top.file("cgroup.procs"), "");
        assert.equal(top.file("cgroup.subtree_control"), "cpu memory pids");
        const resources = { memoryLimitBytes: 16 << 20, cpuLimitMillis: 500 };
        const id = await fixture.run(sandboxId, "read line; tail /dev/zero", {
          resources,
          stdin: true,
        });
        const group = await containerGroup(fixture, id);
        assert.equal(group.file("cpu.max"), "50000 100000");
        assert.match(
          readFileSync(`/proc/${group.file("cgroup.procs")}/cgroup`, "utf8"),
          /^0::\/box\/kj/,
        );
        const session = await fixture.runtime.attach(id, {
          stdin: true,
          stdout: false,
          stderr: false,
        });
        session.stdin?.end("go\n");
        assert.equal((await endOf(fixture, id)).reason, "OOMKilled");
      }),
  },
];
