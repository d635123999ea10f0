import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const CONTAINERS = 5;

claim(
  16,
  "a container is an image in execution: one image, many containers, each with its own id and life",
  (report) =>
    onNode(async (node) => {
      const ids = await Promise.all(
        Array.from({ length: CONTAINERS }, () => node.run("sleep 600")),
      );
      const containers = await node.runtime.listContainers();
      expect(new Set(containers.map(({ id }) => id)).size).toBe(CONTAINERS);
      expect(new Set(containers.map(({ pid }) => pid)).size).toBe(CONTAINERS);
      expect(new Set(containers.map(({ imageId }) => imageId))).toEqual(
        new Set([(await node.store.status("busybox"))?.id]),
      );
      const [first = "", ...others] = ids;
      await node.runtime.stopContainer(first, 0);
      for (const id of others) {
        expect((await node.runtime.containerStatus(id))?.state).toBe("running");
      }
      report.figure("containers of one image", String(CONTAINERS));
    }),
  whyNot,
);
