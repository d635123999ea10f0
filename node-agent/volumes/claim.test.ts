import { lstatSync } from "node:fs";
import { mkdir, mkdtemp, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PersistentVolume, PersistentVolumeClaim, PodSpec } from "#api/schema/types";
import {
  LOCAL_PATH,
  LOCAL_PATH_DIRECTORY,
  LOCAL_PATH_NODE,
  PROVISIONED_BY,
} from "#api/storage/names";
import { silentLog } from "#kit/log";
import { removeTree } from "#kit/remove-tree";
import type { DesiredState } from "#node-agent/session/types";
import { cleanupPodVolumes, preparePodVolumes } from "#node-agent/volumes/pod-volumes";
import { createVolumeRemover } from "#node-agent/volumes/volume-remover";
import { makeDeep } from "#test/support/deep-tree";
import { ManualClock } from "#test/support/manual-clock";
import { testFacts, testObjects } from "#test/support/node-objects";
import { testPod } from "#test/support/pods";
import { claimOf, volumeOf } from "#test/support/storage";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-claims-"));
});
afterEach(() => removeTree(root));

const directories = () => ({ disk: join(root, "pods"), memory: join(root, "memory") });
const pathOf = (name: string) => join(root, "volumes", name);

function boundClaim(name = "data"): PersistentVolumeClaim {
  return { ...claimOf(name, { volumeName: "pv" }), status: { phase: "Bound" } };
}

function localVolume(more: Partial<PersistentVolume["spec"]> = {}): PersistentVolume {
  const claimRef = { namespace: "default", name: "data", uid: "uid-data" };
  const spec = { local: { path: pathOf("pv") }, hostPath: undefined, claimRef, ...more };
  const volume = volumeOf("pv", { persistentVolumeReclaimPolicy: "Delete", ...spec });
  volume.metadata.annotations = { [PROVISIONED_BY]: LOCAL_PATH, [LOCAL_PATH_NODE]: "node-1" };
  volume.metadata.finalizers = [LOCAL_PATH_DIRECTORY];
  return volume;
}

async function mount(
  given: { claims?: PersistentVolumeClaim[]; volumes?: PersistentVolume[] },
  { uid = "uid-1", spec = {} }: { uid?: string; spec?: Partial<PodSpec> } = {},
): Promise<string> {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
  const pod = testPod({ volumes, ...spec }, { uid });
  const objects = testObjects(given);
  const input = { pod, objects, facts: testFacts, directories: directories() };
  return (await preparePodVolumes(input)).get("v") ?? "";
}

const both = (more: Partial<PersistentVolume["spec"]> = {}) => ({
  claims: [boundClaim()],
  volumes: [localVolume(more)],
});

describe("a claim's volume", () => {
  test("is a directory that is made when it is first mounted, and stays as it is", async () => {
    const path = await mount(both());
    expect(path).toBe(pathOf("pv"));
    expect((await stat(path)).mode & 0o777).toBe(0o777);
    await writeFile(join(path, "kept"), "1");
    await cleanupPodVolumes(directories(), "uid-1");
    expect(await mount(both(), { uid: "uid-2" })).toBe(path);
    expect(await readdir(path)).toEqual(["kept"]);
  });

  test.each<[string, Parameters<typeof mount>[0], string]>([
    ["is missing", {}, 'persistentvolumeclaims "data" not found'],
    ["has no volume yet", { claims: [claimOf("data")] }, "PVC is not bound"],
    [
      "names a volume that is another claim's",
      {
        claims: [boundClaim()],
        volumes: [volumeOf("pv", { claimRef: { name: "data", namespace: "other", uid: "x" } })],
      },
      "PVC is not bound",
    ],
  ])("cannot be mounted when the claim %s", async (_, given, message) => {
    await expect(mount(given)).rejects.toThrow(message);
  });

  test("is not made on a node that it does not belong to", async () => {
    const given = both();
    const [volume] = given.volumes;
    if (volume) volume.metadata.annotations = { [LOCAL_PATH_NODE]: "node-2" };
    await expect(mount(given)).rejects.toThrow("NodeAffinity check failed");
  });

  test("of a local path of an administrator must be there already", async () => {
    const given = both({ local: { path: join(root, "disk") } });
    const [volume] = given.volumes;
    if (volume) volume.metadata.annotations = {};
    await expect(mount(given)).rejects.toThrow("does not exist");
    await mkdir(join(root, "disk"));
    expect(await mount(given)).toBe(join(root, "disk"));
  });

  test("with ReadWriteOncePod is for one pod at a time, also for an agent that was started again", async () => {
    const exclusive = both({ accessModes: ["ReadWriteOncePod"] });
    await mount(exclusive);
    await mount(exclusive);
    await expect(mount(exclusive, { uid: "uid-2" })).rejects.toThrow(
      "is already in use by another pod",
    );
    await cleanupPodVolumes(directories(), "uid-1");
    await mount(exclusive, { uid: "uid-2" });
  });

  test("is given to fsGroup once, with all that is in it, and no symlink is followed", async () => {
    const path = await mount(both());
    const outside = join(root, "outside");
    await writeFile(outside, "");
    await mkdir(join(path, "sub"));
    await writeFile(join(path, "sub", "file"), "");
    await symlink(outside, join(path, "link"));
    const group = 4321;
    if (process.getuid?.() !== 0) return console.warn("skipped: giving files away needs root");
    await mount(both(), { uid: "uid-2", spec: { securityContext: { fsGroup: group } } });
    const groups = [path, join(path, "sub"), join(path, "sub/file"), join(path, "link"), outside];
    expect(groups.map((each) => lstatSync(each).gid)).toEqual([group, group, group, group, 0]);
    expect((await stat(path)).mode & 0o7777).toBe(0o2777);
    expect((await stat(join(path, "sub/file"))).mode & 0o060).toBe(0o060);
  });

  test("is not given to fsGroup when it is nested so deep that the agent would run out of descriptors", async () => {
    makeDeep(await mount(both()), 520);
    const securityContext = { fsGroup: process.getgid?.() ?? 0 };
    await expect(mount(both(), { uid: "uid-2", spec: { securityContext } })).rejects.toThrow(
      "nested deeper than 512",
    );
  });
});

describe("the directory of a volume that is being deleted", () => {
  const removed: string[] = [];
  const clock = new ManualClock();
  const desired = (volume: PersistentVolume): DesiredState => ({
    generation: 1,
    isFull: true,
    pods: new Map(),
    configMaps: new Map(),
    secrets: new Map(),
    claims: new Map(),
    volumes: new Map([[volume.metadata.name, volume]]),
    tokens: new Map(),
    changedPods: [],
    removedPods: [],
    changedObjects: [`PersistentVolume//${volume.metadata.name}`],
  });
  const leaving = (): PersistentVolume => {
    const volume = localVolume();
    volume.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    return volume;
  };
  const remover = () =>
    createVolumeRemover({
      nodeName: "node-1",
      root: join(root, "volumes"),
      podsDirectory: directories().disk,
      clock,
      log: silentLog,
      removed: (name) => removed.push(name),
    });
  beforeEach(() => removed.splice(0));

  test("is removed with all that is in it, and said to be gone also when it never was there", async () => {
    await writeFile(join(await mount(both()), "file"), "1");
    await cleanupPodVolumes(directories(), "uid-1");
    for (let time = 0; time < 2; time++) {
      const one = remover();
      one.setDesired(desired(leaving()));
      await expect.poll(() => removed.length).toBe(time + 1);
      await one.close();
    }
    expect(await readdir(join(root, "volumes"))).toEqual([]);
  });

  test("is removed also when no path is long enough for what is in it", async () => {
    makeDeep(await mount(both()), 60);
    await cleanupPodVolumes(directories(), "uid-1");
    const one = remover();
    one.setDesired(desired(leaving()));
    await expect.poll(() => removed.length, { timeout: 10_000 }).toBe(1);
    await one.close();
    expect(await readdir(join(root, "volumes"))).toEqual([]);
  });

  test("stays while a pod has it, and goes when the pod is gone", async () => {
    const path = await mount(both());
    const one = remover();
    one.setDesired(desired(leaving()));
    const startMs = clock.now();
    await clock.runUntil(() => clock.now() > startMs + 3_000);
    expect((await stat(path)).isDirectory()).toBe(true);
    await cleanupPodVolumes(directories(), "uid-1");
    await clock.runUntil(() => removed.length > 0);
    await one.close();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  test.each<[string, (volume: PersistentVolume) => void]>([
    ["it is not being deleted", (volume) => delete volume.metadata.deletionTimestamp],
    [
      "it is still bound",
      (volume) => volume.metadata.finalizers?.push("kubernetes.io/pv-protection"),
    ],
    ["its data is to be kept", ({ spec }) => (spec.persistentVolumeReclaimPolicy = "Retain")],
    [
      "it is on another node",
      ({ metadata }) => (metadata.annotations = { [LOCAL_PATH_NODE]: "b" }),
    ],
    ["it is elsewhere", ({ spec }) => (spec.local = { path: "/etc" })],
  ])("is left alone when %s", async (_, change) => {
    const path = await mount(both());
    await cleanupPodVolumes(directories(), "uid-1");
    const volume = leaving();
    change(volume);
    const one = remover();
    one.setDesired(desired(volume));
    await one.close();
    expect([(await stat(path)).isDirectory(), removed]).toEqual([true, []]);
  });
});
