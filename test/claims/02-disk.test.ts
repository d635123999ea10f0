import { join } from "node:path";
import { expect } from "vitest";
import { claim, kilobytes, megabytes } from "#test/claims/claim";
import { diskBytes, onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const IMAGE_BYTES = 200e6;
const PER_CONTAINER_BYTES = 64 * 1024;

claim(
  2,
  "a hundred containers of a 200 MB image take the image once and some kilobytes each",
  (report) =>
    onNode(async (node) => {
      const { image } = await node.build("large", "FROM busybox\nCOPY payload /opt/payload\n", {
        payload: "kaji".repeat(IMAGE_BYTES / 4),
      });
      const [lower = ""] = await node.store.lowerDirs(image.id);
      expect(diskBytes(lower)).toBeGreaterThan(IMAGE_BYTES * 0.99);
      const before = diskBytes(node.locations.lib);
      let started = 0;
      for (const count of [1, 10, 100]) {
        const missing = Array.from({ length: count - started });
        await Promise.all(missing.map(() => node.run("sleep 600", { image: "large" })));
        started = count;
        const grown = diskBytes(node.locations.lib) - before;
        expect(grown / count).toBeLessThan(PER_CONTAINER_BYTES);
        report.figure(`${count} containers`, `+${kilobytes(grown)}`);
      }
      const layers = diskBytes(join(node.locations.lib, "images"));
      const usage = await node.store.diskUsage();
      const large = usage.images.find(({ id }) => id === image.id);
      expect(large?.sharedBytes).toBeGreaterThan(0);
      report.figure("image store", megabytes(layers));
      report.figure("shared with busybox", megabytes(large?.sharedBytes ?? 0));
    }),
  whyNot,
);
