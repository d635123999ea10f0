import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";

claim(
  19,
  "YAML is compared before it is applied, applying it again changes nothing, and every version has its cause",
  (report) =>
    onCluster(async ({ run, kubectl }) => {
      await run("apply", ...demoFiles);
      const version = await run(
        "get",
        "deployment",
        "demo",
        "-o",
        "jsonpath={.metadata.generation}",
      );
      expect(await run("apply", ...demoFiles)).toMatch(/^(?:\S+ unchanged\n)+$/);
      expect(await run("get", "deployment", "demo", "-o", "jsonpath={.metadata.generation}")).toBe(
        version,
      );
      await run("annotate", "deployment/demo", "kubernetes.io/change-cause=first release");
      await run("set", "image", "deployment/demo", "web=kaji.dev/demo:v2");
      await run("annotate", "deployment/demo", "kubernetes.io/change-cause=second release");
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      const difference = await kubectl("diff", ...demoFiles);
      expect(difference.code).toBe(1);
      expect(difference.stdout).toMatch(
        /^-\s+image: kaji\.dev\/demo:v2\n\+\s+image: kaji\.dev\/demo:v1/m,
      );
      const history = await run("rollout", "history", "deployment/demo");
      expect(history).toMatch(/1\s+first release\n2\s+second release/);
      report.figure("lines of the diff", String(difference.stdout.split("\n").length - 1));
    }),
  whyNoCluster,
);
