import { afterEach, beforeEach, expect, test } from "vitest";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import type { PersistentVolume } from "#api/schema/types";
import {
  LOCAL_PATH,
  LOCAL_PATH_DIRECTORY,
  LOCAL_PATH_NODE,
  PROVISIONED_BY,
} from "#api/storage/names";
import { pod } from "#test/contract/api-fixture";
import {
  type GatewayBench,
  startGatewayBench,
  type TestAgent,
} from "#test/contract/node-protocol-fixture";
import { eventually } from "#test/support/host";
import { affinityTo, claimOf, volumeOf } from "#test/support/storage";

/** What nodes are told of volumes, and what they are believed. */
let bench: GatewayBench;
beforeEach(async () => {
  bench = await startGatewayBench();
});
afterEach(() => bench.close());

async function connected(nodeName: string): Promise<TestAgent> {
  const agent = await bench.connect(nodeName);
  await eventually("the agent gets its full state", () => agent.services.length > 0);
  return agent;
}

async function createVolume(name: string, nodeName: string): Promise<PersistentVolume> {
  const volume = volumeOf(name, {
    hostPath: undefined,
    local: { path: `/volumes/${name}` },
    nodeAffinity: affinityTo(nodeName),
    persistentVolumeReclaimPolicy: "Delete",
  });
  volume.metadata = {
    name,
    annotations: { [PROVISIONED_BY]: LOCAL_PATH, [LOCAL_PATH_NODE]: nodeName },
    finalizers: [LOCAL_PATH_DIRECTORY],
  };
  return bench.api.client.create(persistentVolumeKind, volume);
}

/** Deleted, and bound to nothing: the controllers have taken the protection away. */
async function release(name: string): Promise<void> {
  const { client } = bench.api;
  await client.delete(persistentVolumeKind, { name });
  const body = { metadata: { finalizers: [LOCAL_PATH_DIRECTORY] } };
  await client.patch(persistentVolumeKind, { name }, { type: "merge", body });
}

const names = (agent: TestAgent): string[] => [...(agent.desired.at(-1)?.volumes.keys() ?? [])];

test("a node gets the claims that its pods name and the volumes that these are bound to, and no others", async () => {
  const { client } = bench.api;
  const [mine, other] = await Promise.all([connected("n1"), connected("n2")]);
  for (const name of ["data", "unrelated"]) await createVolume(`pv-${name}`, "n1");
  for (const name of ["data", "unrelated"]) {
    const claim = claimOf(name, { volumeName: `pv-${name}` });
    const { uid: _, ...metadata } = claim.metadata;
    await client.create(persistentVolumeClaimKind, { ...claim, metadata });
  }
  const volumes = [
    { name: "v", persistentVolumeClaim: { claimName: "data" } },
    { name: "w", persistentVolumeClaim: { claimName: "missing" } },
  ];
  await client.create(podKind, pod("web", { nodeName: "n1", volumes }));
  await eventually("the volume has arrived", () => names(mine).length > 0);
  const last = mine.desired.at(-1);
  expect(names(mine)).toEqual(["pv-data"]);
  expect([...(last?.claims ?? [])].map(([key, claim]) => [key, claim?.spec.volumeName])).toEqual([
    ["default/data", "pv-data"],
    ["default/missing", undefined],
  ]);
  expect(names(other)).toEqual([]);
});

test("a node removes the directories of its own volumes, and is believed about these alone", async () => {
  const { client } = bench.api;
  const [mine, other] = await Promise.all([connected("n1"), connected("n2")]);
  const leaving = await createVolume("leaving", "n1");
  const staying = await createVolume("staying", "n1");
  await release("leaving");
  await eventually("the node is told", () => names(mine).includes("leaving"));
  expect(names(other)).toEqual([]);
  const uidOf = ({ metadata }: PersistentVolume): string => metadata.uid ?? "";
  other.session.volumeRemoved("leaving", uidOf(leaving));
  mine.session.volumeRemoved("staying", uidOf(staying));
  mine.session.volumeRemoved("leaving", "another uid");
  mine.session.volumeRemoved("leaving", uidOf(leaving));
  await eventually("the volume is gone", async () => {
    const { items } = await client.list(persistentVolumeKind);
    return items.length === 1;
  });
  const [kept] = (await client.list(persistentVolumeKind)).items;
  expect(kept?.metadata.name).toBe("staying");
  expect(kept?.metadata.finalizers).toContain(LOCAL_PATH_DIRECTORY);
  await eventually("the node is told that it is done", () => !names(mine).includes("leaving"));
});

test("a node that was away is told again what to remove", async () => {
  const leaving = await createVolume("leaving", "n1");
  await release("leaving");
  const agent = await connected("n1");
  await eventually("the node is told", () => names(agent).includes("leaving"));
  await agent.session.close();
  const again = await connected("n1");
  await eventually("the node is told again", () => names(again).includes("leaving"));
  again.session.volumeRemoved("leaving", leaving.metadata.uid ?? "");
  await eventually("the volume is gone", async () => {
    const { items } = await bench.api.client.list(persistentVolumeKind);
    return items.length === 0;
  });
});
