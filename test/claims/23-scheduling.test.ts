import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { onCluster, whyNoCluster } from "#test/claims/on-cluster";
import { eventually } from "#test/support/host";

const container = { name: "web", image: "kaji.dev/demo:v1" };

claim(
  23,
  "resources decide where a container runs, and one that fits nowhere says which resource is short",
  (report) =>
    onCluster(async ({ run }) => {
      const overrides = (requests: object): string =>
        JSON.stringify({ spec: { containers: [{ ...container, resources: { requests } }] } });
      await run("run", "fits", "--image=x", "--overrides", overrides({ cpu: "10m" }));
      await run("run", "large", "--image=x", "--overrides", overrides({ memory: "100Ti" }));
      await run("wait", "--for=condition=Ready", "pod/fits", "--timeout=30s");
      expect(await run("get", "pod", "fits", "-o", "jsonpath={.spec.nodeName}")).toBe("node-1");
      const why = await eventually("the reason", async () => {
        const path = '{.status.conditions[?(@.type=="PodScheduled")].message}';
        return (await run("get", "pod", "large", "-o", `jsonpath=${path}`)) || undefined;
      });
      expect(why).toMatch(/^0\/1 nodes are available: 1 Insufficient memory\./);
      report.figure("said", why);
    }),
  whyNoCluster,
);
