import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { packageRoot } from "#kit/package-root";
import { claim } from "#test/claims/claim";
import { execute, onNode } from "#test/claims/node";
import { hasSkopeo, skopeo } from "#test/contract/registry-fixture";
import { whyNot } from "#test/e2e/runtime-fixture";

claim(
  27,
  "an OCI image made by another tool runs, and no daemon is needed: containers survive the death of what manages them",
  (report) =>
    onNode(async (node) => {
      const archive = join(node.root, "archive.tar");
      const layout = join(node.root, "layout");
      await node.store.save(["busybox"], { format: "docker-archive", to: archive });
      skopeo("copy", `docker-archive:${archive}`, `oci:${layout}:made-by-skopeo`);
      await node.store.import({ path: layout }, { reference: "made-by-skopeo" });
      const ran = await node.output("echo it runs", { image: "made-by-skopeo" });
      expect(ran).toEqual({ code: 0, text: "it runs\n" });
      report.figure("image converted by skopeo", "runs");

      const { pid, id } = await startAndDie(node.root);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      await node.runtime.close();
      const successor = node.open();
      await successor.start();
      try {
        expect(await successor.containerStatus(id)).toMatchObject({ state: "running", pid });
        expect(await execute(successor, id, ["cat", "/note"])).toEqual({
          code: 0,
          text: "alive\n",
        });
        report.figure("after kill -9 of its manager", "same pid, running, taken over by another");
      } finally {
        for (const sandbox of await successor.listSandboxes()) {
          await successor.removeSandbox(sandbox.id);
        }
        await successor.close();
      }
    }),
  whyNot,
  () => (hasSkopeo ? undefined : "needs skopeo"),
);

/** Another process over the same directories starts a container, says so, and is killed with -9. */
async function startAndDie(root: string): Promise<{ pid: number; id: string }> {
  const program = join(packageRoot(), "test/claims/doomed-manager.ts");
  const node = ["--import", "tsx", "--conditions=source", program, root];
  const child = spawn(process.execPath, node, {
    cwd: packageRoot(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.endsWith("\n")) break;
  }
  child.kill("SIGKILL");
  await ended;
  return JSON.parse(text) as { pid: number; id: string };
}
