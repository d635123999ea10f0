import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { importBusybox, onNode } from "#test/claims/node";
import { whyNot } from "#test/e2e/runtime-fixture";

const dockerfile = `FROM busybox
COPY app.sh /usr/bin/app.sh
RUN mkdir -p /var/app && echo built > /var/app/state && chmod +x /usr/bin/app.sh
ENV MODE=production
CMD ["/usr/bin/app.sh"]
`;
const files = { "app.sh": "#!/bin/sh\necho $MODE $(cat /var/app/state)\n" };

claim(
  14,
  "a Dockerfile is built twice, from scratch, to the same digest; a third time its layers come from the cache",
  (report) =>
    onNode(async (node) => {
      const first = await node.build("app:1", dockerfile, files);
      await node.store.remove("app:1");
      await node.store.prune({ all: true });
      await importBusybox(node.store, node.root);
      const second = await node.build("app:2", dockerfile, files);
      expect(second.cachedSteps).toBe(0);
      expect(second.manifestDigest).toBe(first.manifestDigest);
      const third = await node.build("app:3", dockerfile, files);
      expect(third.cachedSteps).toBe(2); // those that make layers
      expect(third.manifestDigest).toBe(first.manifestDigest);
      expect(await node.output("", { image: "app:3", command: [] })).toEqual({
        code: 0,
        text: "production built\n",
      });
      report.figure("digest of all three", first.manifestDigest.slice(0, 19));
      report.figure("steps from the cache", `${third.cachedSteps} of ${third.steps}`);
    }),
  whyNot,
);
