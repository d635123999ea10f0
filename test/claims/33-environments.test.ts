import { expect } from "vitest";
import { claim, milliseconds } from "#test/claims/claim";
import { demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";
import { eventually } from "#test/support/host";

const BRANCHES = ["branch-a", "branch-b", "branch-c"];

claim(
  33,
  "many environments of one product, old and new versions of it, run side by side without a clash, and go all at once",
  (report) =>
    onCluster(async ({ run, ask }) => {
      const started = performance.now();
      for (const [i, branch] of BRANCHES.entries()) {
        await run("create", "namespace", branch);
        await run("apply", "--namespace", branch, ...demoFiles);
        const image = `web=kaji.dev/demo:v${(i % 2) + 1}`;
        await run("set", "image", "deployment/demo", image, "--namespace", branch);
        const host = `[{"op":"replace","path":"/spec/rules/0/host","value":"${branch}.localhost"}]`;
        await run("patch", "ingress", "demo", "--namespace", branch, "--type=json", "-p", host);
      }
      for (const [i, branch] of BRANCHES.entries()) {
        const version = `v${(i % 2) + 1}`;
        await eventually(`${branch} answers as ${version}`, async () =>
          (await ask(`${branch}.localhost`)).body.includes(version),
        );
      }
      report.figure("three environments", milliseconds(performance.now() - started));
      const ended = performance.now();
      await run("delete", "namespace", ...BRANCHES, "--timeout=90s");
      report.figure("gone", milliseconds(performance.now() - ended));
      expect(await run("get", "pods", "--all-namespaces", "-o", "name")).toBe("");
      expect((await ask(`${BRANCHES[0]}.localhost`)).status).toBe(404);
    }),
  whyNoCluster,
);
