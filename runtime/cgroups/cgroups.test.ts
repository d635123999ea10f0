import { describe, expect, test } from "vitest";
import { defaultDevices } from "#runtime/cgroups/devices";
import { detectHierarchy } from "#runtime/cgroups/detect";
import type { Step } from "#runtime/plan/operations";

const line = (directory: string, type: string, options: string): string =>
  `31 23 0:28 / ${directory} rw,relatime - ${type} ${type} ${options}`;
const hybrid = [
  line("/sys/fs/cgroup/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"),
  line("/sys/fs/cgroup/memory", "cgroup", "rw,memory"),
  line("/sys/fs/cgroup/pids", "cgroup", "rw,pids"),
  line("/sys/fs/cgroup/devices", "cgroup", "rw,devices"),
  line("/sys/fs/cgroup/unified", "cgroup2", "rw"),
].join("\n");
const unified = line("/sys/fs/cgroup", "cgroup2", "rw,nsdelegate");

function writes(steps: readonly Step[]): Record<string, string> {
  const plain = steps.map((step) => ("optional" in step ? step.optional : step));
  return Object.fromEntries(
    plain.flatMap((step) => (step[0] === "write" ? [[step[1], step[2]]] : [])),
  );
}

/** The groups whose devices are filtered. */
function filtered(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) =>
    !("optional" in step) && step[0] === "device_filter" ? [step[1]] : [],
  );
}

const resources = {
  cpuRequestMillis: 500,
  cpuLimitMillis: 1500,
  memoryLimitBytes: 1 << 20,
  pidsLimit: 9,
};

describe("control groups", () => {
  test("a hybrid host counts as version 1, with each shared mount used once", () => {
    const hierarchy = detectHierarchy(hybrid);
    expect(hierarchy.version).toBe(1);
    expect(hierarchy.directories("a/b")).toEqual([
      "/sys/fs/cgroup/cpu,cpuacct/a/b",
      "/sys/fs/cgroup/memory/a/b",
      "/sys/fs/cgroup/pids/a/b",
      "/sys/fs/cgroup/devices/a/b",
    ]);
    expect(writes(hierarchy.plan("a", resources, defaultDevices).create)).toMatchObject({
      "/sys/fs/cgroup/cpu,cpuacct/a/cpu.shares": "512",
      "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "150000",
      "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1048576",
      "/sys/fs/cgroup/pids/a/pids.max": "9",
      "/sys/fs/cgroup/devices/a/devices.deny": "a",
    });
    expect(writes(hierarchy.plan("a", {}, undefined).create)).toEqual({});
  });

  test("a unified host gives weights, one directory, and a group to be cloned into", () => {
    const plan = detectHierarchy(unified).plan("kaji/pod", resources, defaultDevices);
    expect(plan.cloneInto).toBe("/sys/fs/cgroup/kaji/pod");
    expect(writes(plan.create)).toMatchObject({
      "/sys/fs/cgroup/kaji/pod/cpu.weight": "20",
      "/sys/fs/cgroup/kaji/pod/cpu.max": "150000 100000",
      "/sys/fs/cgroup/kaji/pod/memory.max": "1048576",
      "/sys/fs/cgroup/kaji/cgroup.subtree_control": "+pids",
    });
    expect(writes(plan.create)).not.toHaveProperty(
      "/sys/fs/cgroup/kaji/pod/cgroup.subtree_control",
    );
  });

  test("on a unified host a container ends as a whole and a sandbox does not, and devices are filtered", () => {
    const hierarchy = detectHierarchy(unified);
    const container = hierarchy.plan("kaji/pod/c", {}, defaultDevices).create;
    const oomGroup = "/sys/fs/cgroup/kaji/pod/c/memory.oom.group";
    expect(writes(container)).toMatchObject({ [oomGroup]: "1" });
    expect(filtered(container)).toEqual(["/sys/fs/cgroup/kaji/pod/c"]);
    expect(filtered(hierarchy.plan("kaji/pod/c", {}, undefined).create)).toEqual([]);
    const files = Object.keys(writes(hierarchy.planParent("kaji/pod", resources).create));
    expect(files).toContain("/sys/fs/cgroup/kaji/pod/memory.max");
    expect(files).not.toContain("/sys/fs/cgroup/kaji/pod/memory.oom.group");
  });

  test("no quota is written as the version says it", () => {
    const none = { cpuLimitMillis: 0 };
    expect(writes(detectHierarchy(unified).limit("a", none, {}))).toEqual({
      "/sys/fs/cgroup/a/cpu.max": "max 100000",
    });
    expect(writes(detectHierarchy(hybrid).limit("a", none, {}))).toMatchObject({
      "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1",
    });
  });

  test("a raised limit of memory raises that of memory and swap first, a lowered one last", () => {
    const mib = (count: number) => ({ memoryLimitBytes: count << 20 });
    const order = (to: number, from: number): string[] =>
      Object.keys(writes(detectHierarchy(hybrid).limit("a", mib(to), mib(from)))).map(
        (path) => path.split("/").at(-1) ?? "",
      );
    const names = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"];
    expect(order(10, 20)).toEqual(names);
    expect(order(20, 10)).toEqual(names.toReversed());
  });

  test("a host without control groups is told what to do", () => {
    expect(() => detectHierarchy("")).toThrow("mount cgroup2 on /sys/fs/cgroup");
  });
});
