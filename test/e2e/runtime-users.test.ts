import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ContainerConfig, SandboxConfig, UserRange } from "#runtime/runtime";
import { eventually, exitCode } from "#test/e2e/runtime-fixture";
import { execute, fixture, useRuntime, withSecurity } from "#test/e2e/runtime-setup";

/** Sandboxes with users of their own, at the runtime's seam. */
useRuntime();

const FIRST = 1_200_000_000 - (1_200_000_000 % 65_536);
const rangeOf = (block: number): UserRange => ({ firstId: FIRST + block * 65_536, count: 65_536 });
const all = { addCapabilities: ["ALL"], seccomp: "unconfined" } as const;

const sandbox = (overrides: Partial<SandboxConfig> = {}): Promise<string> =>
  fixture.sandbox({ users: rangeOf(0), ...overrides });

/** Runs to its end: exit code and what it wrote. */
async function output(
  script: string,
  overrides: Partial<ContainerConfig> = {},
  box: Partial<SandboxConfig> = {},
): Promise<{ code: number; text: string }> {
  const sandboxId = await sandbox(box);
  const id = await fixture.run(sandboxId, script, overrides);
  const code = await exitCode(fixture.runtime, id);
  const text = await fixture.log((await fixture.runtime.containerStatus(id))?.config.logPath ?? "");
  await fixture.runtime.removeSandbox(sandboxId);
  return { code, text: text.replace(/^\S+ \S+ [FP] /gm, "") };
}

const volume = (hostPath: string) =>
  ({ hostPath, containerPath: "/volume", isReadOnly: false, propagation: "private" }) as const;

/** Says who it is and what it may; with a file, gives that NET_RAW as setcap does. */
const RIGHTS = `
#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct vfs_cap_data given = {VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, {{1 << CAP_NET_RAW, 0}}};
  if (argc > 1) return setxattr(argv[1], "security.capability", &given, sizeof given, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct held[2];
  syscall(SYS_capget, &header, held);
  printf("user %d rights %x\\n", (int)geteuid(), held[0].effective);
}`;

describe("a sandbox with users of its own", () => {
  test("owns all its namespaces but that of time, and the host's are others", async () => {
    const { text } = await output(
      "for n in user net ipc uts pid mnt cgroup; do readlink /proc/self/ns/$n; done",
    );
    const spaces = text.trim().split("\n");
    expect(spaces).toHaveLength(7);
    for (const space of spaces) {
      const own = execFileSync("readlink", [`/proc/self/ns/${space.split(":")[0]}`]);
      expect(String(own).trim()).not.toBe(space);
    }
  });

  test("cannot have a namespace of the host's", async () => {
    const namespaces = { network: "host", pid: "container", ipc: "sandbox" } as const;
    await expect(sandbox({ namespaces })).rejects.toThrow(
      "a sandbox with users of its own cannot have a namespace of the host's",
    );
  });

  test("has the settings of its network and its shared memory, as it was told", async () => {
    const sysctls = { "kernel.shm_rmid_forced": "1", "net.ipv4.ip_unprivileged_port_start": "7" };
    const read = "cd /proc/sys; cat kernel/shm_rmid_forced net/ipv4/ip_unprivileged_port_start";
    expect((await output(read, {}, { sysctls })).text).toBe("1\n7\n");
    expect(readFileSync("/proc/sys/kernel/shm_rmid_forced", "utf8")).toBe("0\n");
  });

  test("lets a program of the image raise its rights inside: setuid and file capabilities", async () => {
    const tools = join(fixture.root, "image/tools");
    mkdirSync(tools, { recursive: true });
    const [plain, raised, capable] = ["plain", "raised", "capable"].map((name) =>
      join(tools, name),
    );
    writeFileSync(`${plain}.c`, RIGHTS);
    execFileSync("gcc", ["-static", "-o", `${plain}`, `${plain}.c`]);
    for (const copy of [raised, capable]) copyFileSync(`${plain}`, `${copy}`);
    chmodSync(`${raised}`, 0o4755);
    execFileSync(`${plain}`, [`${capable}`]);
    const asUser = withSecurity({ runAsUser: "web", allowPrivilegeEscalation: true });
    const script = "for one in plain raised capable; do /tools/$one; /volume/$one; done";
    const { text } = await output(script, { ...asUser, mounts: [volume(tools)] });
    const [nobody, root, sender] = [
      "user 1234 rights 0",
      "user 0 rights a80425fb",
      "user 1234 rights 2000",
    ];
    expect(text.trim().split("\n")).toEqual([nobody, nobody, root, root, sender, sender]);
  });

  test("makes missing directories and mount points for its root, not for the host's", async () => {
    const overrides = {
      mounts: [{ ...volume(fixture.root), containerPath: "/new/deep" }],
      workingDir: "/made/here",
    };
    const { text } = await output("stat -c '%n %u' /new /made /made/here", overrides);
    expect(text).toBe("/new 0\n/made 0\n/made/here 0\n");
  });

  test("keeps what hides the kernel, whatever rights a container has over its mounts", async () => {
    const attack =
      "umount /proc/sys; mount -o remount,rw,bind /proc/sys; umount /sys/firmware; umount -l /proc; echo 1 >/proc/sys/kernel/panic; mkdir /p && mount -t proc p /p; echo over";
    const { text } = await output(attack, withSecurity(all));
    expect(text).toContain("can't create /proc/sys/kernel/panic: Read-only file system");
    expect(text.match(/^umount: can't unmount/gm)).toHaveLength(3);
    expect(text.match(/^mount: permission denied/gm)).toHaveLength(2);
    expect(text).toMatch(/over\n$/);
  });

  test("has of the host's devices what anybody may open, also when it is privileged", async () => {
    const security = withSecurity({ ...all, isPrivileged: true, masksProc: false });
    const { text } = await output(
      "find /dev -type b; find /dev -maxdepth 1 -type c ! -perm -006",
      security,
    );
    expect(text).toBe("");
  });

  test("is apart from another one: neither sees, signals, traces or enters the other", async () => {
    const [one, other] = [await sandbox(), await sandbox({ users: rangeOf(1) })];
    const victim = await fixture.run(one, "exec sleep 7654");
    const attacker = await fixture.run(other, "exec sleep 60", withSecurity(all));
    const pid = (await fixture.runtime.containerStatus(victim))?.pid ?? 0;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    expect(status).toMatch(new RegExp(`^Uid:\\s+${rangeOf(0).firstId}\\s`, "m"));
    for (const attack of [`kill -0 ${pid}`, `nsenter -t ${pid} -U true`, "ps | grep '[7]654'"]) {
      expect((await execute(attacker, "sh", "-c", attack)).code, attack).not.toBe(0);
    }
    // As nobody but the other's root, on the host itself: what an escape would have.
    const asRoot = (...command: string[]) =>
      execFileSync(
        "setpriv",
        [
          `--reuid=${rangeOf(1).firstId}`,
          `--regid=${rangeOf(1).firstId}`,
          "--clear-groups",
          ...command,
        ],
        { stdio: "pipe" },
      );
    for (const attack of [
      ["kill", "-9", String(pid)],
      ["cat", `/proc/${pid}/environ`],
      ["ls", `/proc/${pid}/root/`],
    ]) {
      expect(() => asRoot(...attack), attack.join(" ")).toThrow(/denied|permitted/);
    }
    await Promise.all([one, other].map((id) => fixture.runtime.removeSandbox(id)));
  });

  test("says why a container cannot start, before and after its users are entered, and leaves nothing", async () => {
    const sandboxId = await sandbox();
    const starts: [Partial<ContainerConfig>, string][] = [
      [
        { command: ["/not/there"] },
        'exec: "/not/there": stat /not/there: no such file or directory',
      ],
      [{ mounts: [volume("/not/there")] }, "tree_open /not/there: no such file or directory"],
      [{ mounts: [volume("/proc")] }, "/proc: its file system does not support idmapped mounts"],
      [
        withSecurity({ runAsUser: "70000" }),
        "user or group 70000 is none of the ids 0 to 65535 of a pod with hostUsers: false",
      ],
      [{ workingDir: "/etc/passwd" }, "chdir /etc/passwd: not a directory"],
    ];
    for (const [overrides, says] of starts) {
      await expect(fixture.run(sandboxId, "true", overrides)).rejects.toThrow(says);
    }
    const isOf = (pid: string): boolean => {
      try {
        return readFileSync(`/proc/${pid}/uid_map`, "utf8").includes(` ${rangeOf(0).firstId} `);
      } catch {
        return false;
      }
    };
    await eventually(
      "no process of its users is left",
      () =>
        !readdirSync("/proc")
          .filter((name) => /^\d+$/.test(name))
          .some(isOf),
    );
    await fixture.runtime.removeSandbox(sandboxId);
  });
});
