import { expect } from "vitest";
import { claim, milliseconds } from "#test/claims/claim";
import { DEMO_HOST, demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";
import { eventually } from "#test/support/host";
import { startLoad } from "#test/support/load";

claim(
  35,
  "a change of the configuration alone swaps the containers as an update does, and no request fails",
  (report) =>
    onCluster(async ({ run, kubectl, ask, url }) => {
      await run("apply", ...demoFiles);
      await run("annotate", "deployment/demo", "kaji.dev/rollout-on-config-change=true");
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      await eventually("the app answers", async () => (await ask()).status === 200);
      const load = startLoad({
        ...{ url, host: DEMO_HOST, keepAliveClients: 8, newConnectionClients: 4, pauseMs: 5 },
      });
      const started = performance.now();
      try {
        const patch = JSON.stringify({ data: { greeting: "hello from another ConfigMap" } });
        await run("patch", "configmap", "demo", "-p", patch);
        await eventually("the containers have the new configuration", async () => {
          // Fails while one of them is being created.
          const { stdout } = await kubectl("logs", "-l", "app=demo", "--tail=-1");
          return stdout.includes("hello from another ConfigMap");
        });
        await run("rollout", "status", "deployment/demo", "--timeout=60s");
        const said = (await run("logs", "-l", "app=demo", "--tail=-1")).trim().split("\n");
        expect(said).toEqual(Array(3).fill("serving hello from another ConfigMap on port 8080"));
      } finally {
        await load.stop();
      }
      report.figure("change to the end of the swap", milliseconds(performance.now() - started));
      report.figure("requests", String(load.result.requests));
      report.figure("failed", String(load.result.failures.length));
      expect(load.result.failures).toEqual([]);
    }),
  whyNoCluster,
);
