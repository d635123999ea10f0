import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Pod, StatefulSet, StatefulSetSpec } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { ordinalOf } from "#control-plane/controllers/stateful-set/identity";
import { planStatefulSet } from "#control-plane/controllers/stateful-set/plan";
import { isHealthy } from "#control-plane/controllers/stateful-set/pod-state";
import { ObjectModel } from "#test/support/object-model";
import { T0, pod, statefulSet } from "#test/support/workloads";

/** One StatefulSet, its pods and revisions; every look is checked by `onPlan` before it is carried out. */
class Story {
  readonly model = new ObjectModel();
  nowMs = T0 + 3_600_000;
  onPlan: (plan: readonly Action[]) => void = () => undefined;

  constructor(spec: Partial<StatefulSetSpec> = {}) {
    this.model.put(statefulSet("db", spec));
  }

  get set(): StatefulSet {
    const found = this.model.get(statefulSetKind, "db");
    if (!found) throw new Error("the StatefulSet is gone");
    return found;
  }

  get pods(): Pod[] {
    const ordinal = (one: Pod): number => ordinalOf(one, this.set) ?? -1;
    return this.model.of(podKind).sort((a, b) => ordinal(a) - ordinal(b));
  }

  get names(): string[] {
    return this.pods.map(({ metadata }) => metadata.name);
  }

  /** "v1 v2": the image of each pod, by ordinal; in brackets while it is not healthy. */
  get images(): string {
    const image = (one: Pod): string => one.spec.containers[0]?.image ?? "";
    return this.pods.map((one) => (isHealthy(one) ? image(one) : `(${image(one)})`)).join(" ");
  }

  look(): Action[] {
    const { set } = this;
    const input = {
      statefulSet: set,
      candidates: this.pods,
      revisions: this.model.of(controllerRevisionKind),
      claims: this.model.of(persistentVolumeClaimKind),
    };
    const plan = planStatefulSet(input, this.nowMs).filter(({ type }) => type !== "requeue");
    this.onPlan(plan);
    for (const action of plan) this.model.apply(action);
    return plan;
  }

  ready(one: Pod, isReady = true): void {
    const time = new Date(T0).toISOString();
    const conditions = [
      { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: time },
    ];
    this.model.put({ ...one, status: { phase: "Running", conditions } } as Pod);
  }

  /** Deleted pods go, the others become ready. */
  breathe(): void {
    for (const one of this.pods) {
      if (one.metadata.deletionTimestamp) this.model.gone(one);
      else this.ready(one);
    }
  }

  settle(): void {
    for (let round = 0; round < 200; round++) {
      const isQuiet = this.look().length === 0;
      const isStill = this.pods.every(isHealthy);
      if (isQuiet && isStill) return;
      this.breathe();
    }
    throw new Error(`the StatefulSet does not come to rest: ${JSON.stringify(this.look())}`);
  }

  edit(change: (draft: StatefulSet) => void): void {
    const draft = structuredClone(this.set);
    change(draft);
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
    this.model.put(draft);
  }

  image(image: string): void {
    this.edit(({ spec }) => {
      for (const container of spec.template.spec?.containers ?? []) container.image = image;
    });
  }

  scale(replicas: number): void {
    this.edit(({ spec }) => {
      spec.replicas = replicas;
    });
  }
}

function podsMade(plan: readonly Action[]): string[] {
  return plan.flatMap((action) =>
    action.type === "create" && action.kind.kind === "Pod" ? [action.object.metadata.name] : [],
  );
}

function podsDeleted(plan: readonly Action[]): string[] {
  return plan.flatMap((action) =>
    action.type === "delete" && action.kind.kind === "Pod" ? [action.target.name] : [],
  );
}

describe("a StatefulSet", () => {
  test("makes its pods one after the other, each when the one before is available", () => {
    const story = new Story({ minReadySeconds: 10 });
    story.nowMs = T0;
    expect(podsMade(story.look())).toEqual(["db-0"]);
    expect(podsMade(story.look())).toEqual([]);
    story.breathe();
    expect(podsMade(story.look())).toEqual([]);
    story.nowMs = T0 + 10_000;
    expect(podsMade(story.look())).toEqual(["db-1"]);
  });

  test("gives each pod a name, labels and a host name of its own", () => {
    const story = new Story({ ordinals: { start: 5 } });
    story.look();
    expect(story.pods[0]).toMatchObject({
      metadata: {
        name: "db-5",
        labels: {
          app: "db",
          "statefulset.kubernetes.io/pod-name": "db-5",
          "apps.kubernetes.io/pod-index": "5",
          "controller-revision-hash": story.model.of(controllerRevisionKind)[0]?.metadata.name,
        },
      },
      spec: { hostname: "db-5", subdomain: "db" },
    });
  });

  test("with Parallel makes and deletes all at once", () => {
    const story = new Story({ podManagementPolicy: "Parallel" });
    expect(podsMade(story.look())).toEqual(["db-0", "db-1", "db-2"]);
    story.settle();
    story.scale(0);
    expect(podsDeleted(story.look())).toEqual(["db-2", "db-1", "db-0"]);
  });

  test("is scaled down from the highest ordinal, one at a time, and waits until each is gone", () => {
    const story = new Story();
    story.settle();
    story.scale(1);
    expect(podsDeleted(story.look())).toEqual(["db-2"]);
    expect(podsDeleted(story.look())).toEqual([]);
    story.breathe();
    expect(podsDeleted(story.look())).toEqual(["db-1"]);
  });

  test("does not replace a pod on a lost node while the API still has it", () => {
    const story = new Story({ podManagementPolicy: "Parallel" });
    story.settle();
    const [lost] = story.pods;
    if (!lost) throw new Error("there is no pod");
    const metadata = { ...lost.metadata, deletionTimestamp: new Date(T0).toISOString() };
    story.model.put({ ...lost, metadata } as Pod);
    expect([podsMade(story.look()), podsDeleted(story.look())]).toEqual([[], []]);
    story.model.gone(lost);
    expect(podsMade(story.look())).toEqual(["db-0"]);
  });

  test("replaces a pod that has failed, and says so", () => {
    const story = new Story({ replicas: 1 });
    story.settle();
    const [one] = story.pods;
    if (!one) throw new Error("there is no pod");
    story.model.put({ ...one, status: { phase: "Failed" } } as Pod);
    expect(podsDeleted(story.look())).toEqual(["db-0"]);
    expect(story.model.events).toContain("RecreatingFailedPod");
    story.breathe();
    expect(podsMade(story.look())).toEqual(["db-0"]);
  });

  test("rolls a new template out from the highest ordinal down, one pod at a time", () => {
    const story = new Story();
    story.settle();
    story.image("v2");
    const seen = new Set<string>();
    for (let round = 0; round < 12; round++) {
      story.look();
      seen.add(story.images);
      story.breathe();
    }
    expect([...seen]).toEqual([
      "v1 v1 (v1)",
      "v1 v1 (v2)",
      "v1 (v1) v2",
      "v1 (v2) v2",
      "(v1) v2 v2",
      "(v2) v2 v2",
      "v2 v2 v2",
    ]);
    const { status } = story.set;
    expect(status?.currentRevision).toBe(status?.updateRevision);
    expect(status).toMatchObject({ currentReplicas: 3, updatedReplicas: 3, readyReplicas: 3 });
  });

  test("keeps pods below the partition as they are, also when they come back", () => {
    const partition = { type: "RollingUpdate", rollingUpdate: { partition: 2 } };
    const story = new Story({ updateStrategy: partition });
    story.settle();
    story.image("v2");
    story.settle();
    expect(story.images).toBe("v1 v1 v2");
    const [first] = story.pods;
    if (first) story.model.gone(first);
    story.settle();
    expect(story.images).toBe("v1 v1 v2");
    expect(story.set.status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
  });

  test("with OnDelete changes a pod only when somebody deletes it", () => {
    const story = new Story({ updateStrategy: { type: "OnDelete" } });
    story.settle();
    story.image("v2");
    story.settle();
    expect(story.images).toBe("v1 v1 v1");
    const second = story.pods[1];
    if (second) story.model.gone(second);
    story.settle();
    expect(story.images).toBe("v1 v2 v1");
  });

  test("goes back to an old template under a new number, and forgets what is beyond the limit", () => {
    const story = new Story({ revisionHistoryLimit: 1 });
    const numbers = (): number[] =>
      story.model
        .of(controllerRevisionKind)
        .map(({ revision }) => revision)
        .sort();
    for (const image of ["v1", "v2", "v1"]) {
      story.image(image);
      story.settle();
    }
    expect(numbers()).toEqual([2, 3]);
    story.image("v3");
    story.settle();
    expect(numbers()).toEqual([3, 4]);
  });

  test("leaves pods alone that are not named after one of its ordinals", () => {
    const story = new Story({ replicas: 1 });
    const names = ["db-x", "db-01", "db", "other-0"];
    for (const name of names) story.model.put(pod(name, { labels: { app: "db" } }));
    story.settle();
    expect(story.names.sort()).toEqual([...names, "db-0"].sort());
    expect(story.pods.filter(({ metadata }) => metadata.ownerReferences)).toHaveLength(1);
  });

  test("adopts a pod of its name without an owner, and gives it the labels of its ordinal", () => {
    const story = new Story({ replicas: 1, updateStrategy: { type: "OnDelete" } });
    story.model.put(pod("db-0", { labels: { app: "db" } }));
    story.settle();
    expect(story.pods[0]?.metadata).toMatchObject({
      uid: "uid-db-0",
      labels: { "apps.kubernetes.io/pod-index": "0" },
      ownerReferences: [{ name: "db", controller: true }],
    });
  });

  test("that is being deleted only counts", () => {
    const story = new Story();
    story.edit(({ metadata }) => {
      metadata.deletionTimestamp = new Date(T0).toISOString();
    });
    expect(story.look().map(({ type }) => type)).toEqual(["updateStatus"]);
  });
});

const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: "look" as const, at: 0 }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("ready" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("unready" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("failed" as const), at: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("gone" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("killed" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("image" as const), at: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("scale" as const), at: fc.nat(5) }) },
);

function happen(story: Story, type: string, at: number): void {
  const one = story.pods[at % Math.max(1, story.pods.length)];
  if (type === "look") story.look();
  else if (type === "image") story.image(`v${at}`);
  else if (type === "scale") story.scale(at);
  else if (!one) return;
  else if (type === "ready" || type === "unready") story.ready(one, type === "ready");
  else if (type === "failed") story.model.put({ ...one, status: { phase: "Failed" } } as Pod);
  // Somebody deletes it with force, or it was deleted and is gone.
  else if (type === "killed" || one.metadata.deletionTimestamp) story.model.gone(one);
}

test("at most one pod per ordinal; with OrderedReady made upwards and deleted downwards, one at a time", () => {
  const spec = fc.record({
    replicas: fc.nat(5),
    ordinals: fc.record({ start: fc.nat(2) }),
    podManagementPolicy: fc.constantFrom("OrderedReady", "Parallel"),
  });
  const property = fc.property(spec, fc.array(happening, { maxLength: 60 }), (start, events) => {
    const story = new Story(start);
    story.onPlan = (plan) => checkOrder(story, plan);
    for (const { type, at } of events) happen(story, type, at);
    story.settle();
    const { replicas = 1, ordinals } = story.set.spec;
    const first = ordinals?.start ?? 0;
    expect(story.names).toEqual(Array.from({ length: replicas }, (_, i) => `db-${first + i}`));
    expect(story.set.status).toMatchObject({ replicas, readyReplicas: replicas });
  });
  fc.assert(property, { numRuns: 300 });
});

/** ObjectModel refuses a second pod of a name: that no plan asks for one is the first half of the property. */
function checkOrder(story: Story, plan: readonly Action[]): void {
  const [made, deleted] = [podsMade(plan), podsDeleted(plan)];
  expect(new Set([...made, ...deleted]).size).toBe(made.length + deleted.length);
  if (story.set.spec.podManagementPolicy !== "OrderedReady") return;
  expect(made.length + deleted.length).toBeLessThanOrEqual(1);
  const first = story.set.spec.ordinals?.start ?? 0;
  const ordinal = Number(made[0]?.split("-")[1] ?? first);
  for (let before = first; before < ordinal; before++) {
    const one = story.pods.find(({ metadata }) => metadata.name === `db-${before}`);
    expect(one && isHealthy(one), `db-${before} is there before ${made[0]}`).toBe(true);
  }
}
