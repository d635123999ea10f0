import { chmodSync } from "node:fs";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { compile, needsCompiler } from "#test/claims/compile";
import { hostSecrets } from "#test/claims/host-secrets";
import { onNode, withSecurity } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const ATTACKS_AT_LEAST = 80;
const script = "grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status";

claim(
  28,
  "a hostile program inside a container, even as root, does not reach the host's files, processes, devices, network or kernel settings",
  (report) =>
    onNode(async (node) => {
      const secrets = await hostSecrets(node.root);
      try {
        const program = compile("attacks", node.root);
        chmodSync(program.hostPath, 0o4755); // set-uid root: that must not help either
        const mounts = [program];
        const attack = { mounts, env: secrets.env };
        for (const user of ["0", "1234"]) {
          const { text } = await node.output("/attacks", {
            ...attack,
            ...withSecurity({ runAsUser: user }),
          });
          const lines = text.trim().split("\n");
          expect(lines.filter((line) => !line.includes(": refused ("))).toEqual([]);
          expect(lines.length).toBeGreaterThanOrEqual(ATTACKS_AT_LEAST);
          report.figure(`attacks as user ${user}`, `${lines.length} tried, 0 succeeded`);
        }
      } finally {
        await secrets.close();
      }
    }),
  whyNot,
  needsCompiler,
);

claim(
  28,
  "a process has only the default capabilities, or none when it is not root, a filter and no way to new rights",
  (report) =>
    onNode(async (node) => {
      const root = await node.output(script);
      const user = await node.output(script, withSecurity({ runAsUser: "1234" }));
      const locked = "CapBnd: 00000000a[08]0425fb\nNoNewPrivs: 1\nSeccomp: 2\n$";
      expect(root.text.replaceAll("\t", " ")).toMatch(
        new RegExp(`^CapEff: 00000000a[08]0425fb\n${locked}`),
      );
      expect(user.text.replaceAll("\t", " ")).toMatch(new RegExp(`^CapEff: 0+\n${locked}`));
      report.figure("capabilities of root inside", "14 of 41");
    }),
  whyNot,
);
