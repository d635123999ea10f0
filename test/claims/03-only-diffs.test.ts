import { join } from "node:path";
import { expect } from "vitest";
import { claim, kilobytes } from "#test/claims/claim";
import { diskBytes, onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const WRITTEN_BYTES = 5 * 1024 * 1024;

claim(
  3,
  "a container keeps only what it changed: 5 MB written grow its own layer by 5 MB and nothing else",
  (report) =>
    onNode(async (node) => {
      const writer = await node.run("sleep 600");
      const other = await node.run("sleep 600");
      const layerOf = (id: string) => diskBytes(join(node.locations.lib, "containers", id));
      const before = { writer: layerOf(writer), other: layerOf(other) };
      const images = diskBytes(join(node.locations.lib, "images"));
      const written = await node.execute(
        writer,
        ...["dd", "if=/dev/urandom", "of=/root/data", "bs=1M", "count=5"],
      );
      expect(written.code).toBe(0);
      const grown = layerOf(writer) - before.writer;
      expect(grown).toBeGreaterThanOrEqual(WRITTEN_BYTES);
      expect(grown).toBeLessThan(WRITTEN_BYTES + 64 * 1024);
      expect(layerOf(other)).toBe(before.other);
      expect(diskBytes(join(node.locations.lib, "images"))).toBe(images);
      expect((await node.execute(other, "ls", "/root")).text).toBe("");
      report.figure("its layer", `+${kilobytes(grown)}`);
      report.figure("the other's and the image", "+0");
    }),
  whyNot,
);
