import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limitRangeKind } from "#api/kinds/limit-range";
import { namespaceKind } from "#api/kinds/namespace";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { storageClassKind } from "#api/kinds/storage-class";
import type { KubeObject } from "#api/machinery/meta";
import type { PersistentVolumeClaim } from "#api/schema/types";
import { refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { claimOf, classOf, volumeOf } from "#test/support/storage";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

function fresh<T extends KubeObject>(object: T): T {
  const { uid: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const create = (claim: PersistentVolumeClaim): Promise<PersistentVolumeClaim> =>
  api.client.create(persistentVolumeClaimKind, fresh(claim));
const patch = (name: string, body: object, subresource?: string) =>
  api.client.patch(
    persistentVolumeClaimKind,
    { name, namespace: "default", ...(subresource ? { subresource } : {}) },
    { type: "merge", body },
  );
const asking = (storage: string) => ({ spec: { resources: { requests: { storage } } } });

describe("claims", () => {
  test("get the default class, unless they ask for one or for none, and are protected", async () => {
    const plain = await create(claimOf("plain"));
    expect(plain.spec.storageClassName).toBe("local-path");
    expect(plain.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
    expect(plain.status).toEqual({ phase: "Pending" });
    const none = await create(claimOf("none", { storageClassName: "" }));
    expect(none.spec.storageClassName).toBe("");
  });

  test("grow only when they are bound, of a class that lets them, and never shrink below what they have", async () => {
    await create(claimOf("growing", { storageClassName: "local-path" }));
    const early = await refusalOf(patch("growing", asking("2Gi")));
    expect(early.message).toContain(
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    );
    const status = { phase: "Bound", capacity: { storage: "1Gi" } };
    await patch("growing", { status }, "status");
    await patch("growing", asking("2Gi"));
    const small = await refusalOf(patch("growing", asking("1Gi")));
    expect(small.message).toContain(
      "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
    );
    await patch("growing", asking("1500Mi"));

    await api.client.create(
      storageClassKind,
      fresh(classOf("fixed", { allowVolumeExpansion: false })),
    );
    await create(claimOf("fixed", { storageClassName: "fixed" }));
    await patch("fixed", { status }, "status");
    const fixed = await refusalOf(patch("fixed", asking("2Gi")));
    expect(fixed.message).toBe(
      'persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });

  test("may get a volume once, and nothing else changes", async () => {
    await create(claimOf("fresh", { storageClassName: "" }));
    await patch("fresh", { spec: { volumeName: "pv" } });
    const again = await refusalOf(patch("fresh", { spec: { volumeName: "other" } }));
    expect(again.message).toContain("changed: spec.volumeName");
    const modes = await refusalOf(patch("fresh", { spec: { accessModes: ["ReadOnlyMany"] } }));
    expect(modes.message).toContain("changed: spec.accessModes");
  });

  test.each<[object, string]>([
    [{ accessModes: [] }, "spec.accessModes: Required value: at least 1 access mode is required"],
    [
      { accessModes: ["Sometimes"] },
      'spec.accessModes: Unsupported value: "Sometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
    [
      { accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] },
      "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
    ],
    [{ resources: {} }, "spec.resources[storage]: Required value"],
    [{ volumeMode: "Tape" }, 'spec.volumeMode: Unsupported value: "Tape"'],
  ])("are refused with %j", async (spec, message) => {
    expect((await refusalOf(create(claimOf("bad", spec)))).message).toContain(message);
  });

  test("are counted by quotas and bounded by limit ranges", async () => {
    const hard = {
      "requests.storage": "3Gi",
      "local-path.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
    };
    const namespace = "counted";
    const head = { apiVersion: "v1" };
    const space = { ...head, kind: "Namespace", metadata: { name: namespace }, spec: {} };
    await api.client.create(namespaceKind, space);
    const quota = {
      ...head,
      kind: "ResourceQuota",
      metadata: { name: "q", namespace },
      spec: { hard },
    };
    await api.client.create(resourceQuotaKind, quota);
    const range = {
      ...head,
      kind: "LimitRange",
      metadata: { name: "r", namespace },
      spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "2Gi" } }] },
    };
    await api.client.create(limitRangeKind, range);
    const inside = (name: string, storage: string, storageClassName?: string) => {
      const claim = claimOf(
        name,
        storageClassName === undefined ? {} : { storageClassName },
        storage,
      );
      return create({ ...claim, metadata: { name, namespace } });
    };
    await inside("one", "1Gi");
    expect((await refusalOf(inside("two", "1Gi"))).message).toContain("exceeded quota: q");
    expect((await refusalOf(inside("three", "2500Mi", ""))).message).toContain(
      "maximum storage usage per PersistentVolumeClaim is 2Gi",
    );
    await inside("four", "2Gi", "");
    expect((await refusalOf(inside("five", "1Gi", ""))).message).toContain(
      "requested: requests.storage=1Gi, used: requests.storage=3Gi, limited: requests.storage=3Gi",
    );
  });
});

describe("volumes", () => {
  test("are protected, and keep their source and node", async () => {
    const made = await api.client.create(persistentVolumeKind, fresh(volumeOf("pv")));
    expect(made.metadata.finalizers).toEqual(["kubernetes.io/pv-protection"]);
    const moved = { spec: { hostPath: { path: "/elsewhere" } } };
    const refused = await refusalOf(
      api.client.patch(persistentVolumeKind, { name: "pv" }, { type: "merge", body: moved }),
    );
    expect(refused.message).toContain(
      "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation",
    );
  });

  test.each<[object, string]>([
    [{ hostPath: undefined }, "spec: Required value: must specify a volume type"],
    [{ local: { path: "/a" } }, "spec.local: Forbidden: may not specify more than 1 volume type"],
    [
      { hostPath: undefined, local: { path: "/a" } },
      "spec.nodeAffinity: Required value: Local volume requires node affinity",
    ],
    [{ hostPath: { path: "/a/../b" } }, "spec.hostPath.path: Invalid value"],
    [{ capacity: {} }, "spec.capacity: Required value"],
    [{ accessModes: [] }, "spec.accessModes: Required value"],
    [
      { persistentVolumeReclaimPolicy: "Burn" },
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn"',
    ],
  ])("are refused with %j", async (spec, message) => {
    const volume = fresh(volumeOf("bad", spec));
    const refused = await refusalOf(api.client.create(persistentVolumeKind, volume));
    expect(refused.message).toContain(message);
  });
});

test("a storage class stays as it was made, but for what is said of it", async () => {
  await api.client.create(storageClassKind, fresh(classOf("lasting", { parameters: { a: "b" } })));
  const change = (body: object) =>
    api.client.patch(storageClassKind, { name: "lasting" }, { type: "merge", body });
  await change({ allowVolumeExpansion: false });
  expect((await refusalOf(change({ parameters: { a: "c" } }))).message).toContain(
    "parameters: Forbidden: updates to parameters are forbidden.",
  );
  expect((await refusalOf(change({ provisioner: "x.example/y" }))).message).toContain(
    "provisioner: Forbidden: updates to provisioner are forbidden.",
  );
  expect((await refusalOf(change({ reclaimPolicy: "Retain" }))).message).toContain(
    "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
  );
});
