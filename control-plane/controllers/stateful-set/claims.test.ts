import { describe, expect, test } from "vitest";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { PersistentVolumeClaim, Pod, StatefulSet, StatefulSetSpec } from "#api/schema/types";
import { planStatefulSet } from "#control-plane/controllers/stateful-set/plan";
import { ObjectModel } from "#test/support/object-model";
import { statefulSet, T0 } from "#test/support/workloads";

const template: PersistentVolumeClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", labels: { tier: "disk" } },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

/** A StatefulSet with a claim per ordinal, in a world where pods are ready at once and claims are garbage-collected. */
class Story {
  readonly model = new ObjectModel();

  constructor(spec: Partial<StatefulSetSpec> = {}) {
    this.model.put(statefulSet("db", { volumeClaimTemplates: [template], ...spec }));
  }

  get set(): StatefulSet {
    const found = this.model.get(statefulSetKind, "db");
    if (!found) throw new Error("the StatefulSet is gone");
    return found;
  }

  get claims(): string[] {
    return this.model.of(persistentVolumeClaimKind).map(({ metadata }) => metadata.name);
  }

  ownersOf(name: string): string[] {
    const owners = this.model.get(persistentVolumeClaimKind, name)?.metadata.ownerReferences ?? [];
    return owners.map((owner) => `${owner.kind}/${owner.name}`);
  }

  look(): void {
    const input = {
      statefulSet: this.set,
      candidates: this.model.of(podKind),
      revisions: this.model.of(controllerRevisionKind),
      claims: this.model.of(persistentVolumeClaimKind),
    };
    for (const action of planStatefulSet(input, T0)) this.model.apply(action);
  }

  settle(): void {
    for (let round = 0; round < 20; round++) {
      this.look();
      for (const pod of this.model.of(podKind)) this.breathe(pod);
      this.collectGarbage();
    }
  }

  scale(replicas: number): void {
    this.model.put({ ...this.set, spec: { ...this.set.spec, replicas } } as StatefulSet);
  }

  private breathe(pod: Pod): void {
    if (pod.metadata.deletionTimestamp) return this.model.gone(pod);
    const conditions = [{ type: "Ready", status: "True" }];
    this.model.put({ ...pod, status: { phase: "Running", conditions } } as Pod);
  }

  private collectGarbage(): void {
    const uids = new Set(this.model.of(podKind).map(({ metadata }) => metadata.uid));
    for (const claim of this.model.of(persistentVolumeClaimKind)) {
      const owners = claim.metadata.ownerReferences ?? [];
      const isOrphan = owners.some(({ kind, uid }) => kind === "Pod" && !uids.has(uid));
      if (isOrphan) this.model.gone(claim);
    }
  }
}

describe("the claims of a StatefulSet", () => {
  test("are made before their pod, named after template, set and ordinal", () => {
    const story = new Story({ replicas: 2 });
    story.settle();
    expect(story.claims).toEqual(["data-db-0", "data-db-1"]);
    const claim = story.model.get(persistentVolumeClaimKind, "data-db-0");
    expect(claim?.metadata.labels).toEqual({ tier: "disk", app: "db" });
    const pod = story.model.get(podKind, "db-1");
    expect(pod?.spec.volumes).toEqual([
      { name: "data", persistentVolumeClaim: { claimName: "data-db-1" } },
    ]);
  });

  test("stay when the set is scaled down, and are found again when it is scaled up", () => {
    const story = new Story({ replicas: 2 });
    story.settle();
    const uid = story.model.get(persistentVolumeClaimKind, "data-db-1")?.metadata.uid;
    story.scale(1);
    story.settle();
    expect(story.claims).toEqual(["data-db-0", "data-db-1"]);
    story.scale(2);
    story.settle();
    expect(story.model.get(persistentVolumeClaimKind, "data-db-1")?.metadata.uid).toBe(uid);
  });

  test("go with the pod that is scaled away when the policy says so, and not before it", () => {
    const story = new Story({
      replicas: 2,
      persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: "Retain" },
    });
    story.settle();
    expect(story.ownersOf("data-db-1")).toEqual([]);
    story.scale(1);
    story.look();
    expect(story.ownersOf("data-db-1")).toEqual(["Pod/db-1"]);
    expect(story.ownersOf("data-db-0")).toEqual([]);
    story.settle();
    expect(story.claims).toEqual(["data-db-0"]);
  });

  test("are owned by the set when they are to go with it", () => {
    const story = new Story({
      replicas: 1,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
    });
    story.settle();
    expect(story.ownersOf("data-db-0")).toEqual(["StatefulSet/db"]);
    const policy = { whenDeleted: "Retain", whenScaled: "Retain" };
    const spec = { ...story.set.spec, persistentVolumeClaimRetentionPolicy: policy };
    story.model.put({ ...story.set, spec } as StatefulSet);
    story.settle();
    expect(story.ownersOf("data-db-0")).toEqual([]);
  });

  test("that are on their way out are waited for: the pod begins with a new one", () => {
    const story = new Story({ replicas: 1 });
    const deletionTimestamp = new Date(T0).toISOString();
    const metadata = { name: "data-db-0", namespace: "default", uid: "old", deletionTimestamp };
    const leaving = { ...template, metadata };
    story.model.put(leaving);
    story.settle();
    expect(story.model.get(podKind, "db-0")).toBeUndefined();
    story.model.gone(leaving);
    story.settle();
    expect(story.model.get(podKind, "db-0")).toBeDefined();
    expect(story.model.get(persistentVolumeClaimKind, "data-db-0")?.metadata.uid).not.toBe("old");
  });
});
