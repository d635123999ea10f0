import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const device = { hostPath: "/dev/kmsg", containerPath: "/dev/kmsg" };
const volume = { hostPath: "/dev/kmsg", containerPath: "/dev/kmsg" };
const script = "head -c 1 /dev/kmsg | wc -c";

claim(
  32,
  "a device of the host is there only by the configuration's word, and services are installed when the image is built",
  (report) =>
    onNode(async (node) => {
      const without = await node.output("ls /dev/kmsg");
      expect(without.text).toContain("No such file or directory");
      const mounted = await node.output(script, {
        mounts: [{ ...volume, isReadOnly: false, propagation: "private" }],
      });
      expect(mounted.text).toMatch(/(Operation not permitted|Permission denied)/);
      const given = await node.output("echo kaji-claim > /dev/kmsg && echo written", {
        devices: [{ ...device, permissions: "rw" }],
      });
      expect(given.text).toBe("written\n");
      await node.build("service", "FROM busybox\nRUN echo installed > /etc/service\n");
      const installed = await node.output("cat /etc/service", { image: "service" });
      expect(installed.text).toBe("installed\n");
      report.figure("a device mounted as a volume", "cannot be opened");
      report.figure("a device that was granted", "works");
    }),
  whyNot,
);
