import { expect } from "vitest";
import { claim, milliseconds } from "#test/claims/claim";
import { demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";
import { eventually } from "#test/support/host";

claim(
  26,
  "one command makes a cluster, and one apply makes an app with a URL",
  (report) =>
    onCluster(async ({ run, ask }, upMs) => {
      report.figure("kaji up to ready", milliseconds(upMs));
      const started = performance.now();
      await run("apply", ...demoFiles);
      await eventually("the URL answers", async () => (await ask()).status === 200, 60_000);
      report.figure("apply to the first answer", milliseconds(performance.now() - started));
      expect((await ask()).body).toBe("hello from v1");
    }),
  whyNoCluster,
);
