import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { type ClaimNode, onNode } from "#test/claims/node";
import { hasRegistry, startRegistry } from "#test/contract/registry-fixture";
import { manifestOf, openStore } from "#test/contract/registry-sample";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  17,
  "an image goes through a registry to another machine unchanged, and a layer it already has is not sent again",
  (report) =>
    onNode(async (node) => {
      const registry = await startRegistry(join(node.root, "registry"));
      try {
        const names = { one: `${registry.host}/app:1`, two: `${registry.host}/app:2` };
        const one = await buildAndPush(node, names.one, "one");
        const two = await buildAndPush(node, names.two, "two");
        expect((await manifestOf(registry, "app", "1")).digest).toBe(one.digest);

        const other = openStore(join(node.root, "other-machine"));
        const pulled = await other.pull(names.one, {});
        expect(pulled.id).toBe(one.id);
        expect(pulled.repoDigests).toEqual([`${registry.host}/app@${one.digest}`]);
        const moved: string[] = [];
        await other.pull(names.two, {
          onProgress: ({ phase, digest }) => {
            if (phase === "downloading" && !moved.includes(digest)) moved.push(digest);
          },
        });
        expect(moved).toHaveLength(1);
        expect((await other.status(names.two))?.id).toBe(two.id);
        const { images } = await other.diskUsage();
        for (const { sharedBytes, uniqueBytes } of images) {
          expect(sharedBytes).toBeGreaterThan(uniqueBytes);
        }
        report.figure("digest on both sides", one.digest.slice(0, 19));
        report.figure("layers sent for the second image", `${moved.length} of 2`);
      } finally {
        await registry.stop();
      }
    }),
  whyNot,
  () => (hasRegistry ? undefined : "needs Debian's docker-registry"),
);

async function buildAndPush(node: ClaimNode, name: string, content: string) {
  const { image } = await node.build(name, "FROM busybox\nCOPY page /page\n", { page: content });
  return { id: image.id, digest: await node.store.push(name, {}) };
}
