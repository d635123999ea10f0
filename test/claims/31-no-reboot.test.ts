import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode, withSecurity } from "#test/claims/node";
import { exitCode, whyNot } from "#test/e2e/runtime-fixture";

/** Only ever as process 1 of a namespace of its own: there the kernel ends that namespace alone. */
const reboot = "[ $$ = 1 ] && reboot -f; echo still here";

claim(
  31,
  "reboot inside is refused, or with every privilege ends its own container; the host stays up",
  (report) =>
    onNode(async (node) => {
      const before = hostLife();
      const bystander = await node.run("sleep 600");
      const plain = await node.output(reboot);
      expect(plain.text).toContain("Operation not permitted");
      expect(plain.text).toContain("still here");
      const all = {
        isPrivileged: true,
        allowPrivilegeEscalation: true,
        seccomp: "unconfined",
      } as const;
      const id = await node.run(reboot, withSecurity(all));
      const code = await exitCode(node.runtime, id);
      expect(code).not.toBe(0);
      expect(await node.logOf(id)).toBe("");
      const after = hostLife();
      expect(after.bootId).toBe(before.bootId);
      expect(after.uptime).toBeGreaterThan(before.uptime);
      expect((await node.runtime.containerStatus(bystander))?.state).toBe("running");
      report.figure("as usual", "Operation not permitted");
      report.figure("privileged", `its container exits ${code}`);
      report.figure("boot id of the host", "unchanged");
    }),
  whyNot,
);

function hostLife(): { bootId: string; uptime: number } {
  const read = (file: string) => readFileSync(file, "utf8").trim();
  return {
    bootId: read("/proc/sys/kernel/random/boot_id"),
    uptime: Number(read("/proc/uptime").split(" ")[0]),
  };
}
