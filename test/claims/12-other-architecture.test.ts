import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Mount } from "#runtime/runtime";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { hasRegistry, startRegistry } from "#test/contract/registry-fixture";
import { whyNot } from "#test/e2e/runtime-fixture";

const ELF_MACHINE_OFFSET = 18;
const EM_X86_64 = 62;
const EM_AARCH64 = 183;
const isArm = process.arch === "arm64";
const foreign = isArm ? "amd64" : "arm64";
const own = isArm ? "linux/arm64/v8" : "linux/amd64";

/** A program whose header names another processor. */
function foreignBinary(directory: string): Mount {
  const hostPath = join(directory, "app");
  const program = readFileSync("/bin/busybox");
  program.writeUInt16LE(isArm ? EM_X86_64 : EM_AARCH64, ELF_MACHINE_OFFSET);
  writeFileSync(hostPath, program, { mode: 0o755 });
  return { hostPath, containerPath: "/app", isReadOnly: true, propagation: "private" };
}

claim(
  12,
  "an image for another processor is refused with a sentence that says so",
  (report) =>
    onNode(async (node) => {
      const registry = await startRegistry(join(node.root, "registry"));
      try {
        const name = `${registry.host}/foreign:1`;
        const contextDir = join(node.root, "foreign");
        mkdirSync(contextDir);
        writeFileSync(join(contextDir, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /note\n");
        const platform = { os: "linux", architecture: foreign };
        await node.store.build({ contextDir, tags: [name], pulls: "never", platform });
        const byHand = await node.output("", { image: name });
        await node.store.push(name, {});
        await node.store.remove(name);
        const refusal = await node.store.pull(name, {}).then(
          () => "pulled",
          (error: Error) => error.message,
        );
        const sentence = `image "${name}" is built for linux/${foreign}; this node runs ${own}`;
        expect(refusal).toBe(sentence);
        expect(byHand.text).toBe(sentence);
        report.figure("refusal", refusal.replace(registry.host, "registry"));
        const binary = await node.output("", {
          command: ["/app"],
          mounts: [foreignBinary(node.root)],
        });
        expect(binary.text).toBe('exec: "/app": exec format error');
        report.figure("a foreign program in an image that claims to fit", binary.text);
      } finally {
        await registry.stop();
      }
    }),
  whyNot,
  () => (hasRegistry ? undefined : "needs Debian's docker-registry"),
);
