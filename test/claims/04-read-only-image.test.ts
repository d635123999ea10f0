import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  4,
  "the image under a container is never changed, and removing the container removes only its layer",
  (report) =>
    onNode(async (node) => {
      const image = await node.store.status("busybox");
      const lower = await node.store.lowerDirs(image?.id ?? "");
      const before = lower.map(fingerprint);
      const id = await node.run("sleep 600");
      const vandal = `rm -rf /bin/ls /etc/group; echo root::0:0::/:/bin/sh > /etc/passwd; chmod 0 /tmp
        mv /etc /gone; mkdir /etc; chown 7:7 /root; echo x >> /bin/busybox; echo changed`;
      const { text } = await node.execute(id, "sh", "-c", vandal);
      expect(text).toContain("changed\n");
      expect(lower.map(fingerprint)).toEqual(before);
      expect((await node.output("ls -d /etc/passwd /bin/ls")).code).toBe(0);
      await node.runtime.removeContainer(id);
      expect(existsSync(join(node.locations.lib, "containers", id))).toBe(false);
      expect(lower.map(fingerprint)).toEqual(before);
      report.figure("files, owners, modes and sha256 of the image", "identical before and after");
    }),
  whyNot,
);

/** Content, type, mode and owner of everything below, as one sum. */
function fingerprint(directory: string): string {
  const script = `cd "$0" && { find . -printf '%p %y %m %U:%G %l\\n' | sort; find . -type f -print0 | sort -z |
    xargs -0 -r sha256sum; } | sha256sum`;
  return execFileSync("sh", ["-c", script, directory], { encoding: "utf8" });
}
