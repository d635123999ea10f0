import { expect } from "vitest";
import { claim, milliseconds } from "#test/claims/claim";
import { DEMO_HOST, demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";
import { startLoad } from "#test/support/load";

/** Each swaps three containers: more than thirty containers are replaced under load. */
const ROLLOUTS = 10;

claim(
  34,
  "an app is updated by swapping its containers behind nginx, again and again, and no request fails",
  (report) =>
    onCluster(async ({ run, url }) => {
      await run("apply", ...demoFiles);
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      const load = startLoad({
        url,
        host: DEMO_HOST,
        keepAliveClients: 8,
        newConnectionClients: 4,
        pauseMs: 5,
      });
      const started = performance.now();
      try {
        for (let i = 1; i <= ROLLOUTS; i++) {
          await run("set", "image", "deployment/demo", `web=kaji.dev/demo:v${(i % 2) + 1}`);
          await run("rollout", "status", "deployment/demo", "--timeout=90s");
        }
      } finally {
        await load.stop();
      }
      const { requests, failures } = load.result;
      report.figure("containers swapped", String(3 * ROLLOUTS));
      report.figure("per roll-out of 3", milliseconds((performance.now() - started) / ROLLOUTS));
      report.figure("requests", String(requests));
      report.figure("failed", String(failures.length));
      expect(failures).toEqual([]);
      expect(await run("get", "events")).toMatch(/EndpointsChanged/);
    }),
  whyNoCluster,
);
