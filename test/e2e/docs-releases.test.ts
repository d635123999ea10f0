// lane: first (it waits for figures of nodes)
import { FIRST_MACHINE, runPages } from "#test/support/docs-page";

runPages({
  // Advice is better the longer it looks; a few figures are enough to see that it comes.
  "docs/releases.md": { hasDemo: true, words: { "--for 5m": "--for 12s" } },
  "docs/observability.md": {
    async prepare(machines) {
      const create = "kubectl create deployment web --image=kaji.dev/busybox:latest -- sleep 3600";
      const finished = await machines.get(FIRST_MACHINE)?.run(create, 30_000);
      if (finished?.code !== 0) throw new Error(`no deployment: ${finished?.stdout}`);
      return {};
    },
  },
});
