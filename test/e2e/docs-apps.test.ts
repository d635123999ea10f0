// lane: first (six clusters, one after the other)
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { FIRST_MACHINE, runPages } from "#test/support/docs-page";
import { eventually } from "#test/support/host";

/** What who runs an app reads. */
runPages({
  "docs/autoscaling.md": { hasDemo: true },
  "docs/deploys.md": { hasDemo: true },
  "docs/ingress.md": {},
  "docs/metrics-sources.md": {
    cluster: "none",
    async prepare(machines) {
      const { host } = machines.get(FIRST_MACHINE) ?? {};
      if (!host) throw new Error("the page has a machine");
      const file = join(host.rootDir, "prometheus-url");
      const program = join(packageRoot(), "test/support/docs-prometheus-child.ts");
      const node = [process.execPath, "--import", "tsx", "--conditions=source", program, file];
      host.spawn(["env", `--chdir=${packageRoot()}`, ...node]);
      await eventually("a Prometheus is there", () => existsSync(file), 30_000);
      return { "http://127.0.0.1:9090": readFileSync(file, "utf8") };
    },
  },
  "docs/network-policy.md": {},
  "docs/storage.md": {},
});
