import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { PersistentVolume, StorageClass } from "#api/schema/types";
import { formatAccessModes } from "#api/storage/access-modes";
import { defaultClassOf } from "#api/storage/classes";
import { isDirectoryDue } from "#api/storage/directory";
import { bestVolume, mismatchOf } from "#api/storage/matching";
import {
  IS_DEFAULT_CLASS,
  LOCAL_PATH_DIRECTORY,
  LOCAL_PATH_NODE,
  VOLUME_PROTECTION,
} from "#api/storage/names";
import { claimOf, classOf, volumeOf } from "#test/support/storage";

const volumes = array(
  record({
    gibibytes: integer({ min: 1, max: 9 }),
    mode: constantFrom("ReadWriteOnce", "ReadOnlyMany"),
    isTaken: constantFrom(true, false),
  }),
  { maxLength: 8 },
).map((all) =>
  all.map(({ gibibytes, mode, isTaken }, at): PersistentVolume => {
    const claimRef = { namespace: "other", name: "other", uid: "uid-other" };
    const spec = { accessModes: [mode], ...(isTaken ? { claimRef } : {}) };
    return volumeOf(`pv-${at}`, spec, `${gibibytes}Gi`);
  }),
);

const sizeOf = ({ spec }: PersistentVolume): number =>
  Number.parseInt(spec.capacity?.["storage"] ?? "", 10);

test("of all volumes that suit a claim and are free, the smallest is best", () => {
  assert(
    property(volumes, integer({ min: 1, max: 9 }), (all, wanted) => {
      const claim = claimOf("data", {}, `${wanted}Gi`);
      const best = bestVolume(claim, all);
      const suitable = all.filter((one) => !one.spec.claimRef && !mismatchOf(one, claim));
      expect(best && sizeOf(best)).toBe(
        suitable.length > 0 ? Math.min(...suitable.map(sizeOf)) : undefined,
      );
    }),
  );
});

test("a claim that waits for its pod takes nothing but what was kept for it", () => {
  const claim = claimOf("data");
  expect(bestVolume(claim, [volumeOf("pv")], { isDelayed: true })).toBeUndefined();
  const kept = volumeOf("kept", { claimRef: { namespace: "default", name: "data" } });
  expect(bestVolume(claim, [volumeOf("pv"), kept], { isDelayed: true })).toBe(kept);
});

describe("the default class", () => {
  const made = (name: string, creationTimestamp: string, value = "true"): StorageClass => ({
    ...classOf(name),
    metadata: { name, creationTimestamp, annotations: { [IS_DEFAULT_CLASS]: value } },
  });
  const [old, fresh] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"] as const;

  test.each<[string, StorageClass[], string | undefined]>([
    ["is the newest", [made("a", old), made("b", fresh)], "b"],
    ["is the first by name of equally new ones", [made("b", old), made("a", old)], "a"],
    ["is none that only says so otherwise", [made("a", old, "false"), classOf("b")], undefined],
  ])("%s", (_, classes, name) => {
    expect(defaultClassOf(classes)?.metadata.name).toBe(name);
  });
});

test.each([
  [["ReadWriteMany", "ReadWriteOnce", "ReadWriteOnce"], "RWO,RWX"],
  [["ReadWriteOncePod"], "RWOP"],
  [undefined, ""],
])("access modes %j read %s", (modes, text) => {
  expect(formatAccessModes(modes)).toBe(text);
});

test("a node removes a directory only when its volume is deleted, unbound, its own and not to be kept", () => {
  const volume = volumeOf("pv", { persistentVolumeReclaimPolicy: "Delete" });
  volume.metadata = {
    name: "pv",
    annotations: { [LOCAL_PATH_NODE]: "a" },
    finalizers: [LOCAL_PATH_DIRECTORY],
    deletionTimestamp: "2026-01-01T00:00:00Z",
  };
  expect(isDirectoryDue(volume, "a")).toBe(true);
  expect(isDirectoryDue(volume, "b")).toBe(false);
  const kept = { ...volume, spec: { ...volume.spec, persistentVolumeReclaimPolicy: "Retain" } };
  expect(isDirectoryDue(kept, "a")).toBe(false);
  volume.metadata.finalizers?.push(VOLUME_PROTECTION);
  expect(isDirectoryDue(volume, "a")).toBe(false);
});
