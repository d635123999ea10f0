import { expect } from "vitest";
import { claim, milliseconds } from "#test/claims/claim";
import { demoFiles, onCluster, whyNoCluster } from "#test/claims/on-cluster";

claim(
  20,
  "a change makes new containers and never edits old ones, and undoing it brings the former image back",
  (report) =>
    onCluster(async ({ run, ask }) => {
      await run("apply", ...demoFiles);
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      const uids = async (): Promise<string[]> =>
        (
          await run("get", "pods", "-l", "app=demo", "-o", "jsonpath={.items[*].metadata.uid}")
        ).split(" ");
      const digest = (): Promise<string> =>
        run(
          "get",
          "pods",
          "-l",
          "app=demo",
          "-o",
          "jsonpath={.items[0].status.containerStatuses[0].imageID}",
        );
      const before = { uids: await uids(), digest: await digest() };
      await run("set", "image", "deployment/demo", "web=kaji.dev/demo:v2");
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      const started = performance.now();
      await run("rollout", "undo", "deployment/demo");
      await run("rollout", "status", "deployment/demo", "--timeout=60s");
      report.figure("undo of 3 pods", milliseconds(performance.now() - started));
      expect((await ask()).body).toBe("hello from v1");
      expect(await digest()).toBe(before.digest);
      expect((await uids()).filter((uid) => before.uids.includes(uid))).toEqual([]);
    }),
  whyNoCluster,
);
