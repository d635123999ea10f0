import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { compile, needsCompiler } from "#test/claims/compile";
import { hostSecrets } from "#test/claims/host-secrets";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  29,
  "fdisk, iSCSI and DRBD cannot work inside: there are no disks, and a node made for one cannot be opened",
  (report) =>
    onNode(async (node) => {
      const secrets = await hostSecrets(node.root);
      try {
        const disks = await node.output(
          "ls /dev | grep -cE '^(sd|vd|nvme|xvd|dm-|loop|drbd|mapper)'; fdisk -l",
        );
        expect(disks.text).toMatch(/^0\n/);
        expect(disks.text).not.toContain("Disk /dev/");
        const { text } = await node.output("/attacks disk_read disk_write loop_control", {
          mounts: [compile("attacks", node.root)],
          env: secrets.env,
        });
        const lines = text.trim().split("\n");
        expect(lines).toHaveLength(3);
        for (const line of lines)
          expect(line).toMatch(/: refused \((Operation not permitted|Permission denied)\)$/);
        report.figure("disks in /dev", "0");
        report.figure("opening the host's disk by number", "refused");
      } finally {
        await secrets.close();
      }
    }),
  whyNot,
  needsCompiler,
);
