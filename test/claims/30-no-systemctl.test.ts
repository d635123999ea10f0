import { existsSync } from "node:fs";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const SYSTEMCTL = "/usr/bin/systemctl";
const libraries = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"];

claim(
  30,
  "systemctl does not work inside, and says so plainly: the application is process 1, not an init system",
  (report) =>
    onNode(async (node) => {
      const absent = await node.output("", { command: ["systemctl", "start", "nginx"] });
      expect(absent.text).toBe('exec: "systemctl": executable file not found in $PATH');
      report.figure("an image without it", absent.text);
      if (!existsSync(SYSTEMCTL)) return;
      const readOnly = { isReadOnly: true, propagation: "private" } as const;
      const { code, text } = await node.output("/usr/bin/systemctl start nginx", {
        mounts: [SYSTEMCTL, ...libraries.filter((path) => existsSync(path))].map((path) => ({
          hostPath: path,
          containerPath: path,
          ...readOnly,
        })),
      });
      expect(code).toBe(1);
      expect(text).toContain("System has not been booted with systemd as init system (PID 1)");
      report.figure("the host's own one, mounted", text.split("\n")[0] ?? "");
    }),
  whyNot,
);
