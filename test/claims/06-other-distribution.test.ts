import { release } from "node:os";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  6,
  "images of different distributions run side by side on the host's one kernel",
  (report) =>
    onNode(async (node) => {
      for (const [name, version] of [
        ["centos", "7.2"],
        ["alpine", "3.20"],
      ] as const) {
        await node.build(name, "FROM busybox\nCOPY os-release /etc/os-release\n", {
          "os-release": `ID=${name}\nVERSION_ID=${version}\n`,
        });
      }
      const script = "cat /etc/os-release; uname -r";
      const centos = await node.output(script, { image: "centos" });
      const alpine = await node.output(script, { image: "alpine" });
      expect(centos.text).toBe(`ID=centos\nVERSION_ID=7.2\n${release()}\n`);
      expect(alpine.text).toBe(`ID=alpine\nVERSION_ID=3.20\n${release()}\n`);
      report.figure("kernel of both and of the host", release());
    }),
  whyNot,
);
