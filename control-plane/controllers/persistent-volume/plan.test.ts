import { describe, expect, test } from "vitest";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { storageClassKind } from "#api/kinds/storage-class";
import type { KubeObject } from "#api/machinery/meta";
import type { PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { classNameOf, defaultClassOf } from "#api/storage/classes";
import {
  BIND_COMPLETED,
  IS_DEFAULT_CLASS,
  LOCAL_PATH_NODE,
  SELECTED_NODE,
} from "#api/storage/names";
import type { Action } from "#control-plane/controllers/controller";
import { planClaim } from "#control-plane/controllers/persistent-volume/claim-plan";
import { planVolume } from "#control-plane/controllers/persistent-volume/volume-plan";
import { ObjectModel } from "#test/support/object-model";
import { claimOf, classOf, storageNode, volumeOf } from "#test/support/storage";
import { T0 } from "#test/support/workloads";

/** Claims, volumes and classes in a world where both controllers look until there is nothing left to do. */
class Story {
  readonly model = new ObjectModel();
  waitingPods: string[] = [];

  constructor(...objects: KubeObject[]) {
    for (const object of objects) this.model.put(object);
  }

  claim(name: string): PersistentVolumeClaim {
    const found = this.model.get(persistentVolumeClaimKind, name);
    if (!found) throw new Error(`there is no claim ${name}`);
    return found;
  }

  volume(name: string): PersistentVolume {
    const found = this.model.get(persistentVolumeKind, name);
    if (!found) throw new Error(`there is no volume ${name}`);
    return found;
  }

  /** "data Bound pv-1; ..." of all claims. */
  get claims(): string {
    return this.model
      .of(persistentVolumeClaimKind)
      .map(({ metadata, spec, status }) =>
        [metadata.name, status?.phase, spec.volumeName].filter(Boolean).join(" "),
      )
      .join("; ");
  }

  waiting(name: string): string | undefined {
    return this.claim(name).status?.conditions?.find(({ type }) => type === "kaji.dev/Waiting")
      ?.message;
  }

  annotate(object: KubeObject, annotations: Record<string, string>): void {
    const metadata = {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, ...annotations },
    };
    this.model.put({ ...object, metadata } as KubeObject);
  }

  settle(): Action[] {
    const done: Action[] = [];
    for (let round = 0; round < 12; round++) {
      const plan = this.look();
      if (plan.length === 0) return done;
      done.push(...plan);
    }
    throw new Error("storage does not come to rest");
  }

  private look(): Action[] {
    const done: Action[] = [];
    for (const claim of this.model.of(persistentVolumeClaimKind)) {
      done.push(...this.carryOut(planClaim(this.inputOf(claim), T0)));
    }
    for (const volume of this.model.of(persistentVolumeKind)) {
      const { claimRef } = volume.spec;
      const claim = claimRef && this.model.get(persistentVolumeClaimKind, claimRef.name ?? "");
      const nodeName = volume.metadata.annotations?.[LOCAL_PATH_NODE] ?? "";
      const hasNode = this.model.get(nodeKind, nodeName) !== undefined;
      done.push(...this.carryOut(planVolume({ volume, claim, hasNode }, T0)));
    }
    return done;
  }

  private inputOf(claim: PersistentVolumeClaim) {
    const { volumeName } = claim.spec;
    const nodeName = claim.metadata.annotations?.[SELECTED_NODE];
    return {
      claim,
      storageClass: this.model.get(storageClassKind, classNameOf(claim)),
      defaultClass: defaultClassOf(this.model.of(storageClassKind)),
      named: volumeName ? this.model.get(persistentVolumeKind, volumeName) : undefined,
      volumes: volumeName ? [] : this.model.of(persistentVolumeKind),
      node: nodeName ? this.model.get(nodeKind, nodeName) : undefined,
      waitingPods: this.waitingPods,
    };
  }

  private carryOut(plan: readonly Action[]): readonly Action[] {
    for (const action of plan) this.model.apply(action);
    return plan;
  }
}

describe("a claim of no class", () => {
  const none = { storageClassName: "" };

  test("takes the smallest volume that is large enough, and both say so", () => {
    const story = new Story(
      claimOf("data", none, "2Gi"),
      volumeOf("large", {}, "9Gi"),
      volumeOf("right", {}, "3Gi"),
      volumeOf("small", {}, "1Gi"),
    );
    story.settle();
    expect(story.claims).toBe("data Bound right");
    expect(story.claim("data").status).toMatchObject({
      capacity: { storage: "3Gi" },
      accessModes: ["ReadWriteOnce"],
    });
    expect(story.volume("right").status?.phase).toBe("Bound");
    expect(story.volume("right").spec.claimRef).toMatchObject({ name: "data", uid: "uid-data" });
    expect(story.volume("large").status?.phase).toBe("Available");
  });

  test.each([
    ["access modes", { ...none, accessModes: ["ReadWriteMany"] }],
    ["the class", { storageClassName: "fast" }],
    ["the mode", { ...none, volumeMode: "Block" }],
    ["the selector", { ...none, selector: { matchLabels: { tier: "gold" } } }],
  ])("is not bound to a volume that does not fit in %s", (_, spec) => {
    const story = new Story(claimOf("data", spec), volumeOf("pv"));
    story.settle();
    expect(story.claims).toBe("data Pending");
  });

  test("says once why it waits", () => {
    const story = new Story(claimOf("data", none));
    story.settle();
    expect(story.waiting("data")).toBe(
      "no persistent volumes available for this claim and no storage class is set",
    );
    expect(story.model.events).toEqual(["FailedBinding"]);
  });

  test("two claims never share a volume", () => {
    const story = new Story(claimOf("a", none), claimOf("b", none), volumeOf("pv"));
    story.settle();
    expect(story.claims).toBe("a Bound pv; b Pending");
  });

  test("prefers the volume that was kept for it, and leaves alone what is kept for others", () => {
    const kept = { claimRef: { namespace: "default", name: "data" } };
    const story = new Story(
      claimOf("other", none),
      claimOf("data", none),
      volumeOf("small"),
      volumeOf("kept", kept, "9Gi"),
    );
    story.settle();
    expect(story.claims).toBe("other Bound small; data Bound kept");
  });

  test("that names a volume gets that one or none, and is told why", () => {
    const story = new Story(
      claimOf("data", { ...none, volumeName: "pv" }, "5Gi"),
      volumeOf("pv", {}, "1Gi"),
    );
    story.settle();
    expect(story.waiting("data")).toBe(
      'Cannot bind to requested volume "pv": requested PV is too small',
    );
    story.model.put(volumeOf("pv", {}, "5Gi"));
    story.settle();
    expect(story.claims).toBe("data Bound pv");
    expect(story.waiting("data")).toBeUndefined();
  });
});

test("a claim that has lost its volume says so, and never takes another", () => {
  const story = new Story(claimOf("data", { storageClassName: "" }), volumeOf("pv"));
  story.settle();
  story.model.gone(story.volume("pv"));
  story.model.put(volumeOf("other"));
  story.settle();
  expect(story.claims).toBe("data Lost pv");
  expect(story.model.events).toContain("ClaimLost");
});

test("a claim whose volume the caches do not show yet is lost only if the API server has none either", () => {
  const claim = claimOf("data", { storageClassName: "", volumeName: "pv" });
  claim.metadata.annotations = { [BIND_COMPLETED]: "yes" };
  const input = { storageClass: undefined, defaultClass: undefined, node: undefined };
  const more = { claim, named: undefined, volumes: [], waitingPods: [] };
  expect(planClaim({ ...input, ...more }, 0)).toMatchObject([
    { body: { status: { phase: "Lost" } }, onlyIfAbsent: [{ name: "pv" }] },
  ]);
});

test("a claim that names no class gets the default one when there is one later", () => {
  const story = new Story(claimOf("data"));
  story.settle();
  expect(story.claims).toBe("data Pending");
  const metadata = { name: "later", annotations: { [IS_DEFAULT_CLASS]: "true" } };
  story.model.put({ ...classOf("later"), metadata });
  story.settle();
  expect(story.claim("data").spec.storageClassName).toBe("later");
});

describe("a volume whose claim is gone", () => {
  const released = (policy: string): Story => {
    const pv = volumeOf("pv", { persistentVolumeReclaimPolicy: policy });
    const story = new Story(claimOf("data", { storageClassName: "" }), pv);
    story.settle();
    story.model.gone(story.claim("data"));
    story.settle();
    return story;
  };

  test("is Released and stays, with the policy Retain, for nobody else", () => {
    const story = released("Retain");
    expect(story.volume("pv").status?.phase).toBe("Released");
    story.model.put(claimOf("next", { storageClassName: "" }));
    story.settle();
    expect(story.claims).toBe("next Pending");
  });

  test("is Failed when nobody knows how to delete it", () => {
    const story = released("Delete");
    expect(story.volume("pv").status).toMatchObject({
      phase: "Failed",
      reason: "VolumeFailedDelete",
      message:
        'error getting deleter volume plugin for volume "pv": no deletable volume plugin matched',
    });
    expect(story.model.events).toEqual(["VolumeFailedDelete"]);
  });

  test("does not go to a new claim of the same name", () => {
    const story = released("Retain");
    story.model.put({
      ...claimOf("data", { storageClassName: "" }),
      metadata: { name: "data", namespace: "default", uid: "uid-new" },
    });
    story.settle();
    expect(story.claims).toBe("data Pending");
  });
});

describe("local-path", () => {
  const local = { storageClassName: "local" };
  const begin = (spec = {}): Story =>
    new Story(claimOf("data", { ...local, ...spec }), classOf("local"), storageNode("n1"));
  const choose = (story: Story): void => {
    story.annotate(story.claim("data"), { [SELECTED_NODE]: "n1" });
    story.settle();
  };

  test("waits for a pod, and names the pods that are not scheduled yet", () => {
    const story = begin();
    story.settle();
    expect(story.waiting("data")).toBe("waiting for first consumer to be created before binding");
    story.waitingPods = ["db-0"];
    story.settle();
    expect(story.waiting("data")).toBe("waiting for pod db-0 to be scheduled");
    expect(story.model.events).toEqual(["WaitForFirstConsumer", "WaitForPodScheduled"]);
  });

  test("makes a directory volume on the node that the scheduler has chosen", () => {
    const story = begin();
    story.settle();
    choose(story);
    expect(story.claims).toBe("data Bound pvc-uid-data");
    const volume = story.volume("pvc-uid-data");
    expect(volume.spec).toMatchObject({
      local: { path: "/var/lib/kaji/volumes/pvc-uid-data" },
      capacity: { storage: "1Gi" },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: "local",
    });
    expect(story.model.events).toContain("ProvisioningSucceeded");
  });

  test.each([
    [{ accessModes: ["ReadWriteMany"] }, "not ReadWriteMany"],
    [{ volumeMode: "Block" }, "makes no block devices"],
    [{ selector: { matchLabels: { a: "b" } } }, "claim.Spec.Selector is not supported"],
  ])("refuses %j with a sentence", (spec, sentence) => {
    const story = begin(spec);
    choose(story);
    expect(story.waiting("data")).toContain(sentence);
    expect(story.model.of(persistentVolumeKind)).toEqual([]);
  });

  test("asks for another node when the chosen one is gone", () => {
    const story = begin();
    const [node] = story.model.of(nodeKind);
    if (node) story.model.gone(node);
    choose(story);
    expect(story.claim("data").metadata.annotations?.[SELECTED_NODE]).toBeUndefined();
  });

  test("grows when the claim asks for more", () => {
    const story = begin();
    choose(story);
    const claim = story.claim("data");
    const resources = { requests: { storage: "5Gi" } };
    story.model.put({ ...claim, spec: { ...claim.spec, resources } } as KubeObject);
    story.settle();
    expect(story.volume("pvc-uid-data").spec.capacity).toEqual({ storage: "5Gi" });
    expect(story.claim("data").status?.capacity).toEqual({ storage: "5Gi" });
  });

  test("deletes the volume with its claim, waits for the node, and gives up only when the node has left", () => {
    const story = begin();
    choose(story);
    story.model.gone(story.claim("data"));
    const deletions = story.settle().filter(({ type }) => type === "delete");
    expect(deletions).toHaveLength(1);
    // The model has no finalizers: this is the volume as the API server keeps it meanwhile.
    const metadata = {
      name: "pvc-uid-data",
      uid: "uid-left",
      deletionTimestamp: new Date(T0).toISOString(),
      finalizers: ["kaji.dev/local-path-directory"],
      annotations: { [LOCAL_PATH_NODE]: "n1" },
    };
    const spec = { persistentVolumeReclaimPolicy: "Delete", local: { path: "/x" } };
    const left = { ...volumeOf("left", spec), metadata };
    story.model.put(left);
    story.settle();
    expect(story.volume("pvc-uid-data").metadata.finalizers).toEqual(metadata.finalizers);
    const [node] = story.model.of(nodeKind);
    if (node) story.model.gone(node);
    story.settle();
    expect(story.volume("pvc-uid-data").metadata.finalizers).toEqual([]);
  });
});
