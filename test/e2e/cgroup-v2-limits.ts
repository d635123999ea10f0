import assert from "node:assert/strict";
import {
  containerGroup,
  endOf,
  execute,
  type Group,
  sandboxGroup,
  withSandbox,
} from "#test/e2e/cgroup-v2-groups";
import { eventually, type Fixture } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

const MIB = 1 << 20;
const EAT_ALL_MEMORY = "tail /dev/zero";

function assertFiles(group: Group, files: Readonly<Record<string, string>>): void {
  const found = Object.fromEntries(Object.keys(files).map((name) => [name, group.file(name)]));
  assert.deepEqual(found, files);
}

/** Limits as the kernel has them and as a container meets them; what is counted. */
export const limits: readonly Check<Fixture>[] = [
  {
    name: "limits of a sandbox and of a container stand in their groups, and change while it runs",
    run: (fixture) => {
      const whole = {
        cpuRequestMillis: 1000,
        cpuLimitMillis: 2000,
        memoryLimitBytes: 256 * MIB,
        pidsLimit: 99,
      };
      return withSandbox(fixture, { resources: whole }, async (sandboxId) => {
        const resources = {
          cpuRequestMillis: 250,
          cpuLimitMillis: 500,
          memoryLimitBytes: 64 * MIB,
          pidsLimit: 20,
        };
        const id = await fixture.run(sandboxId, "sleep 60", { resources });
        assertFiles(await sandboxGroup(fixture, sandboxId), {
          "cpu.weight": "39",
          "cpu.max": "200000 100000",
          "memory.max": String(256 * MIB),
          "memory.oom.group": "0",
          "pids.max": "99",
        });
        const group = await containerGroup(fixture, id);
        assertFiles(group, {
          "cpu.weight": "10",
          "cpu.max": "50000 100000",
          "memory.max": String(64 * MIB),
          "memory.oom.group": "1",
          "pids.max": "20",
        });
        await fixture.runtime.updateResources(id, {
          cpuLimitMillis: 0,
          memoryLimitBytes: 32 * MIB,
        });
        assertFiles(group, { "cpu.max": "max 100000", "memory.max": String(32 * MIB) });
        await fixture.runtime.updateSandboxResources(sandboxId, {
          cpuLimitMillis: 2000,
          memoryLimitBytes: 512 * MIB,
        });
        assertFiles(await sandboxGroup(fixture, sandboxId), {
          "cpu.max": "200000 100000",
          "memory.max": String(512 * MIB),
          "pids.max": "99",
        });
      });
    },
  },
  {
    name: "a container over its memory limit is killed as a whole: OOMKilled, 137",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const resources = { memoryLimitBytes: 16 * MIB };
        const id = await fixture.run(sandboxId, EAT_ALL_MEMORY, { resources });
        const { exitCode, reason, signal } = await endOf(fixture, id);
        assert.deepEqual(
          { exitCode, reason, signal },
          { exitCode: 137, reason: "OOMKilled", signal: 9 },
        );
        const child = `${EAT_ALL_MEMORY}; echo survived; sleep 60`;
        const parent = await endOf(fixture, await fixture.run(sandboxId, child, { resources }));
        assert.equal(parent.reason, "OOMKilled");
        assert.ok(!(await fixture.log(parent.config.logPath)).includes("survived"));
      }),
  },
  {
    name: "a command beside the container counts against its memory",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const resources = { memoryLimitBytes: 16 * MIB };
        const id = await fixture.run(sandboxId, "sleep 60", { resources });
        assert.equal((await execute(fixture, id, "tail", "/dev/zero")).code, 137);
        assert.equal((await endOf(fixture, id)).reason, "OOMKilled");
      }),
  },
  {
    name: "a sandbox over its memory limit has the largest container killed and no other",
    run: (fixture) =>
      withSandbox(fixture, { resources: { memoryLimitBytes: 24 * MIB } }, async (sandboxId) => {
        const other = await fixture.run(sandboxId, "sleep 60");
        const id = await fixture.run(sandboxId, EAT_ALL_MEMORY);
        const { exitCode, reason } = await endOf(fixture, id);
        assert.deepEqual({ exitCode, reason }, { exitCode: 137, reason: "OOMKilled" });
        assert.equal((await fixture.runtime.containerStatus(other))?.state, "running");
      }),
  },
  {
    name: "a container cannot have more processes than its limit",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const script = "for i in 1 2 3 4 5 6 7 8 9; do sleep 60 & done; echo all";
        const resources = { pidsLimit: 5 };
        const end = await endOf(fixture, await fixture.run(sandboxId, script, { resources }));
        const log = await fixture.log(end.config.logPath);
        assert.match(log, /can't fork: Resource temporarily unavailable/);
        assert.ok(!log.includes(" all"));
      }),
  },
  {
    name: "a container over its processor quota is throttled",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const resources = { cpuLimitMillis: 50 };
        const id = await fixture.run(sandboxId, "while :; do :; done", { resources });
        const group = await containerGroup(fixture, id);
        await eventually("it was throttled", () => group.counter("cpu.stat", "nr_throttled") > 2);
      }),
  },
  {
    name: "usage is what the group says",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const script = "x=$(head -c 8388608 /dev/zero | tr '\\0' x); echo ready; sleep 60 & wait";
        const id = await fixture.run(sandboxId, script);
        const log = (await fixture.runtime.containerStatus(id))?.config.logPath ?? "";
        await eventually("it holds 8 MiB", async () => (await fixture.log(log)).includes("ready"));
        const group = await containerGroup(fixture, id);
        await eventually("both processes run", () => group.file("pids.current") === "2");
        const [found] = await fixture.runtime.stats();
        assert.equal(found?.containerId, id);
        assert.equal(found.pids, 2);
        assert.ok(found.memoryRssBytes >= 8 * MIB);
        assert.ok(found.memoryWorkingSetBytes >= found.memoryRssBytes);
        assert.ok(found.memoryUsageBytes >= found.memoryWorkingSetBytes);
        assert.ok(found.memoryUsageBytes < 100 * MIB);
        assert.ok(found.cpuUsageNanos > 0);
        assert.ok(found.cpuUsageNanos <= group.counter("cpu.stat", "usage_usec") * 1000);
      }),
  },
];
