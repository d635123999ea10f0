import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, nodeConfig, openLab, whyNoNetwork } from "#test/e2e/network-lab";
import { eventually } from "#test/support/host";

const reason = whyNoNetwork();
if (reason) console.warn(`network: skipped: ${reason}`);

/** Tools of the host that are killed once: what they were to do is done all the same. */
describe.skipIf(reason)("the network of a node whose tools are killed", () => {
  let lab: Lab;
  const guard = (): string => lab.onNode("nft", "list", "table", "bridge", lab.table);
  const rules = (): string => lab.onNode("nft", "list", "table", "inet", lab.table);

  beforeAll(async () => {
    lab = await openLab({ hasFragileTools: true });
    await lab.node.ask({ do: "configure", config: nodeConfig });
    await lab.node.ask({ do: "services", services: [] });
  });
  afterAll(() => lab?.close());

  test("guards the bridge against a new pod in the end, without another pod that comes", async () => {
    const heal = lab.spoil("nft");
    const pod = await lab.addPod("a");
    await eventually("nft was killed", () => existsSync(lab.spoiledMark("nft")));
    expect(guard()).not.toContain(pod.ip);
    heal();
    await eventually("the pod's port is guarded", () => guard().includes(pod.ip));
  });

  test("opens the host ports of a pod that is attached again after its rules failed", async () => {
    const heal = lab.spoil("nft");
    await expect(lab.addPod("b", [18_081])).rejects.toThrow("nft -f - was killed by SIGKILL");
    heal();
    await lab.addPod("b", [18_081]);
    expect(rules()).toContain("18081");
  });

  test("closes the host ports of a pod that has gone, though its release failed", async () => {
    const heal = lab.spoil("nft");
    const release = lab.node.ask({ do: "release", uid: "uid-b" });
    await expect(release).rejects.toThrow("was killed by SIGKILL");
    heal();
    await eventually("the port is closed", () => !rules().includes("18081"));
  });
});
