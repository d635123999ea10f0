import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  5,
  "the host's ps shows a container's process; inside it is process 1 and sees no other",
  (report) =>
    onNode(async (node) => {
      const id = await node.run("exec sleep 34567");
      const pid = await node.pidOf(id);
      const seen = execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
      expect(seen.trim()).toBe("sleep 34567");
      const inside = await node.execute(id, "ps", "-o", "pid,args");
      const lines = inside.text.trim().split("\n").slice(1);
      expect(lines[0]).toMatch(/^ *1 sleep 34567$/);
      expect(lines).toHaveLength(2); // and ps itself
      report.figure("on the host", `pid ${pid}`);
      report.figure("inside", "pid 1, alone");
    }),
  whyNot,
);
