import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  7,
  "inside, / is a union, /dev a tmpfs, /dev/shm has 64 MB, and /etc/hosts is the host's file",
  (report) =>
    onNode(async (node) => {
      const hosts = join(node.root, "hosts");
      writeFileSync(hosts, "127.0.0.1 localhost\n10.0.0.9 given-by-the-host\n");
      const mount = { hostPath: hosts, containerPath: "/etc/hosts" };
      const { text } = await node.output("cat /proc/mounts; df -k /dev/shm; cat /etc/hosts", {
        mounts: [{ ...mount, isReadOnly: false, propagation: "private" }],
      });
      const types = new Map(
        [...text.matchAll(/^\S+ (\S+) (\S+) \S+ 0 0$/gm)].map(([, at, type]) => [at, type]),
      );
      expect(Object.fromEntries(types)).toMatchObject({
        "/": "overlay",
        "/dev": "tmpfs",
        "/dev/shm": "tmpfs",
        "/proc": "proc",
        "/sys": "sysfs",
        "/dev/pts": "devpts",
      });
      expect(types.has("/etc/hosts")).toBe(true);
      expect([...types.keys()].some((at) => at?.startsWith("/sys/fs/cgroup"))).toBe(true);
      expect(text).toMatch(/^shm +65536 /m);
      expect(text).toContain("given-by-the-host");
      report.figure("/dev/shm", "65536 KiB");
      report.figure("mounts", String(types.size));
    }),
  whyNot,
);
