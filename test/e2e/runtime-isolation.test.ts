import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "#test/e2e/runtime-fixture";
import { execute, fixture, useRuntime, withSecurity } from "#test/e2e/runtime-setup";

useRuntime();

describe("isolation", () => {
  test("a container is process 1 of its own namespaces, with its sandbox's host name", async () => {
    const { code, text } = await fixture.output(
      "echo pid=$$; hostname; ls /proc | grep -c '^[0-9]*$'; exit 7",
    );
    expect(code).toBe(7);
    expect(text).toMatch(/^pid=1\nbox-\d+\n[23]\n/);
  });

  test("it has the default capabilities, no_new_privs and a seccomp filter", async () => {
    const { text } = await fixture.output(
      "grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status",
    );
    expect(text.replace(/\t/g, "")).toBe(
      "CapEff:00000000a80425fb\nCapBnd:00000000a80425fb\nNoNewPrivs:1\nSeccomp:2\n",
    );
  });

  test("added and dropped capabilities are honoured", async () => {
    const { text } = await fixture.output(
      "grep CapEff /proc/self/status",
      withSecurity({ addCapabilities: ["NET_ADMIN"], dropCapabilities: ["ALL"] }),
    );
    expect(text).toContain("0000000000001000");
  });

  test("the filter refuses mount, unshare, reboot and keyctl with EPERM", async () => {
    const probe = join(fixture.root, "probe");
    writeFileSync(
      `${probe}.c`,
      `#include <errno.h>\n#include <stdio.h>\n#include <sys/syscall.h>\n#include <unistd.h>
       int main(void) { long calls[] = {SYS_mount, SYS_unshare, SYS_reboot, SYS_keyctl, SYS_bpf, 460};
       for (int i = 0; i < 6; i++) { errno = 0; syscall(calls[i], 0, 0, 0, 0, 0); printf("%d ", errno); }
       errno = 0; syscall(SYS_clone3, 0, 0); printf("%d\\n", errno); }`,
    );
    execFileSync("gcc", ["-static", "-o", probe, `${probe}.c`]);
    const { text } = await fixture.output("/probe", {
      mounts: [
        { hostPath: probe, containerPath: "/probe", isReadOnly: true, propagation: "private" },
      ],
    });
    expect(text).toBe("1 1 1 1 1 38 38\n");
  });

  test("kernel settings are read-only and secrets of the kernel are masked", async () => {
    const { text } = await fixture.output(
      "echo 1 > /proc/sys/kernel/panic; cat /proc/keys | wc -c; ls /sys/firmware | wc -l; touch /sys/x",
    );
    expect(text).toContain("can't create /proc/sys/kernel/panic: Read-only file system");
    expect(text).toContain("\n0\n0\n");
    expect(text).toContain("touch: /sys/x: Read-only file system");
  });

  test("/dev has what programs expect and nothing of the host", async () => {
    const { text } = await fixture.output(
      "ls /dev; stat -c %a /dev/null; echo x > /dev/null; stat -c %a /dev/shm",
    );
    expect(text.split("\n").filter((line) => line !== "")).toEqual([
      "fd",
      "full",
      "mqueue",
      "null",
      "ptmx",
      "pts",
      "random",
      "shm",
      "stderr",
      "stdin",
      "stdout",
      "tty",
      "urandom",
      "zero",
      "666",
      "1777",
    ]);
  });

  test("a disk of the host cannot be opened even by its numbers", async () => {
    const { text } = await fixture.output("mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk | wc -c");
    expect(text).toMatch(/(Operation not permitted|Permission denied)/);
  });

  test("containers of a sandbox share /dev/shm and the network, not their files", async () => {
    const sandbox = await fixture.sandbox();
    const one = await fixture.run(
      sandbox,
      "echo shared > /dev/shm/note; echo own > /tmp/own; sleep 60",
    );
    const other = await fixture.run(sandbox, "sleep 60");
    await eventually(
      "the note is there",
      async () => (await execute(other, "cat", "/dev/shm/note")).out === "shared\n",
    );
    expect((await execute(other, "cat", "/tmp/own")).code).toBe(1);
    const net = await execute(one, "readlink", "/proc/self/ns/net");
    expect((await execute(other, "readlink", "/proc/self/ns/net")).out).toBe(net.out);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("with a shared pid namespace containers see each other", async () => {
    const namespaces = { network: "sandbox", pid: "sandbox", ipc: "sandbox" } as const;
    const sandbox = await fixture.sandbox({ namespaces });
    await fixture.run(sandbox, "exec sleep 4321");
    const other = await fixture.run(sandbox, "sleep 60");
    const seen = await execute(other, "ps");
    expect(seen.out).toContain("sleep 4321");
    expect(seen.out).toMatch(/\n +1 root/);
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("host namespaces are the host's", async () => {
    const namespaces = { network: "host", pid: "host", ipc: "host" } as const;
    const sandbox = await fixture.sandbox({ namespaces });
    const id = await fixture.run(sandbox, "sleep 60 & exec sleep 60");
    const { out } = await execute(
      id,
      "sh",
      "-c",
      "for n in net pid ipc; do readlink /proc/self/ns/$n; done",
    );
    expect(out.trim().split("\n")).toEqual(
      ["net", "pid", "ipc"].map((name) =>
        execFileSync("readlink", [`/proc/self/ns/${name}`], { encoding: "utf8" }).trim(),
      ),
    );
    await fixture.runtime.removeSandbox(sandbox);
  });

  test("a privileged container has all capabilities, no filter and the host's devices", async () => {
    const { text } = await fixture.output(
      "grep -E 'CapEff|Seccomp:' /proc/self/status; mount -t tmpfs none /data && echo mounted; ls /dev/fuse /dev/loop-control 2>/dev/null | wc -l",
      withSecurity({
        isPrivileged: true,
        allowPrivilegeEscalation: true,
        seccomp: "unconfined",
        masksProc: false,
      }),
    );
    expect(text).toContain("Seccomp:\t0");
    expect(text).toContain("mounted");
  });
});
