import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { hasSkopeo, skopeo } from "#test/contract/registry-fixture";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  15,
  "an image is a tar of /: what is unpacked equals the tar, and other tools read what is saved",
  (report) =>
    onNode(async (node) => {
      const image = await node.store.status("busybox");
      const [lower = ""] = await node.store.lowerDirs(image?.id ?? "");
      const list = "cd \"$0\" && find . -printf '%P %y %m %l\\n' | sort";
      const unpacked = execFileSync("sh", ["-c", list, lower], { encoding: "utf8" });
      const original = execFileSync("sh", ["-c", list, join(node.root, "rootfs")], {
        encoding: "utf8",
      });
      expect(unpacked).toBe(original);
      const [one, other] = [lower, join(node.root, "rootfs")].map((root) =>
        readFileSync(join(root, "bin/busybox")),
      );
      expect(other !== undefined && one?.equals(other)).toBe(true);

      const to = join(node.root, "layout");
      await node.store.save(["busybox"], { format: "oci-directory", to });
      const inspected = JSON.parse(skopeo("inspect", `oci:${to}`)) as { Layers: string[] };
      expect(inspected.Layers).toHaveLength(1);
      report.figure("files", String(unpacked.trim().split("\n").length));
      report.figure("read by", "skopeo");
    }),
  whyNot,
  () => (hasSkopeo ? undefined : "needs skopeo"),
);
