import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { hasRegistry, startRegistry } from "#test/contract/registry-fixture";
import { whyNot } from "#test/e2e/runtime-fixture";

const isArm = process.arch === "arm64";
const foreign = isArm ? "amd64" : "arm64";
const own = isArm ? "linux/arm64/v8" : "linux/amd64";

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
        await node.store.push(name, {});
        await node.store.remove(name);
        const refusal = await node.store.pull(name, {}).then(
          () => "pulled",
          (error: Error) => error.message,
        );
        const sentence = `image "${name}" is built for linux/${foreign}; this node runs ${own}`;
        expect(refusal).toBe(sentence);
        report.figure("refusal", refusal.replace(registry.host, "registry"));
      } finally {
        await registry.stop();
      }
    }),
  whyNot,
  () => (hasRegistry ? undefined : "needs Debian's docker-registry"),
);
