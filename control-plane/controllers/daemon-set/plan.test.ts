import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodReady } from "#api/kinds/pod-status";
import type { DaemonSet, DaemonSetSpec, Node, Pod, Taint } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { nodeNameOf } from "#control-plane/controllers/daemon-set/daemon-pod";
import { planDaemonSet } from "#control-plane/controllers/daemon-set/plan";
import { ObjectModel } from "#test/support/object-model";
import { T0, daemonSet, node } from "#test/support/workloads";

/** One DaemonSet, some nodes, its pods and revisions. */
class Story {
  readonly model = new ObjectModel();
  readonly nowMs = T0 + 3_600_000;

  constructor(spec: Partial<DaemonSetSpec> = {}, nodes: readonly Node[] = threeNodes) {
    this.model.put(daemonSet("logs", spec));
    for (const one of nodes) this.model.put(one);
  }

  get set(): DaemonSet {
    const found = this.model.get(daemonSetKind, "logs");
    if (!found) throw new Error("the DaemonSet is gone");
    return found;
  }

  get pods(): Pod[] {
    return this.model.of(podKind);
  }

  /** "a:v1 b:(v2)": the pods by their nodes; in brackets while not ready, in angles while stopping. */
  get places(): string {
    const state = (one: Pod): string => {
      const image = one.spec.containers[0]?.image ?? "";
      if (one.metadata.deletionTimestamp) return `<${image}>`;
      return isPodReady(one) ? image : `(${image})`;
    };
    return this.pods
      .map((one) => `${nodeNameOf(one)}:${state(one)}`)
      .sort()
      .join(" ");
  }

  look(): Action[] {
    const input = {
      daemonSet: this.set,
      nodes: this.model.of(nodeKind),
      candidates: this.pods,
      revisions: this.model.of(controllerRevisionKind),
    };
    const plan = planDaemonSet(input, this.nowMs).filter(({ type }) => type !== "requeue");
    for (const action of plan) this.model.apply(action);
    return plan;
  }

  ready(one: Pod, isReady = true): void {
    const time = new Date(T0).toISOString();
    const conditions = [
      { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: time },
    ];
    const spec = { ...one.spec, nodeName: nodeNameOf(one) };
    this.model.put({ ...one, spec, status: { phase: "Running", conditions } } as Pod);
  }

  breathe(): void {
    for (const one of this.pods) {
      if (one.metadata.deletionTimestamp) this.model.gone(one);
      else this.ready(one);
    }
  }

  settle(): void {
    for (let round = 0; round < 100; round++) {
      const isQuiet = this.look().length === 0;
      const isStill = this.pods.every((one) => isPodReady(one) && !one.metadata.deletionTimestamp);
      if (isQuiet && isStill) return;
      this.breathe();
    }
    throw new Error(`the DaemonSet does not come to rest: ${this.places}`);
  }

  edit(change: (draft: DaemonSet) => void): void {
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
}

const threeNodes = ["a", "b", "c"].map((name) => node(name));

function tainted(name: string, key: string, effect: string): Node {
  const taints: Taint[] = [{ key, effect }];
  return node(name, { taints });
}

function surge(maxSurge: number | string) {
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable: 0 } };
}

function inPlace(maxUnavailable: number | string) {
  return { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable } };
}

describe("a DaemonSet", () => {
  test("has one pod on every node, pinned so that the scheduler binds it there and nowhere else", () => {
    const story = new Story();
    story.look();
    expect(story.places).toBe("a:(v1) b:(v1) c:(v1)");
    const pinned = { key: "metadata.name", operator: "In", values: ["a"] };
    expect(story.pods[0]).toMatchObject({
      metadata: { generateName: "logs-", ownerReferences: [{ name: "logs", controller: true }] },
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [pinned] }],
            },
          },
        },
      },
    });
    expect(story.pods[0]?.spec.nodeName).toBeUndefined();
  });

  test("comes to a node that joins, and leaves one that no longer has its labels", () => {
    const template = { metadata: { name: "", labels: { app: "logs" } } };
    const spec = { containers: [{ name: "main", image: "v1" }], nodeSelector: { disk: "ssd" } };
    const labelled = (name: string, labels: Record<string, string>): Node => {
      const base = node(name);
      return { ...base, metadata: { ...base.metadata, labels } };
    };
    const story = new Story({ template: { ...template, spec } }, [labelled("a", { disk: "ssd" })]);
    story.settle();
    story.model.put(labelled("b", { disk: "ssd" }));
    story.model.put(labelled("c", { disk: "hdd" }));
    story.settle();
    expect(story.places).toBe("a:v1 b:v1");
    story.model.put(labelled("a", {}));
    story.look();
    expect(story.places).toBe("a:<v1> b:v1");
  });

  test("waits until a pod that is stopping is gone before it makes another", () => {
    const story = new Story({}, [node("a")]);
    story.settle();
    const [one] = story.pods;
    if (!one) throw new Error("there is no pod");
    const metadata = { ...one.metadata, deletionTimestamp: new Date(T0).toISOString() };
    story.model.put({ ...one, metadata });
    story.look();
    expect(story.places).toBe("a:<v1>");
    story.breathe();
    story.look();
    expect(story.places).toBe("a:(v1)");
  });

  test.each([
    ["node.kubernetes.io/unschedulable", "NoSchedule", "a:v1"],
    ["node.kubernetes.io/unreachable", "NoExecute", "a:v1"],
    ["node.kubernetes.io/disk-pressure", "NoSchedule", "a:v1"],
    ["example.com/dedicated", "PreferNoSchedule", "a:v1"],
    ["example.com/dedicated", "NoSchedule", ""],
    ["node.kubernetes.io/network-unavailable", "NoSchedule", ""],
  ])("on a node with the taint %s:%s has '%s'", (key, effect, places) => {
    const story = new Story({}, [tainted("a", key, effect)]);
    story.settle();
    expect(story.places).toBe(places);
  });

  test.each([
    ["NoSchedule", "a:v1", 1],
    ["NoExecute", "a:<v1>", 1],
  ])("whose node gets the taint %s has '%s' there", (effect, places, numberMisscheduled) => {
    const story = new Story({}, [node("a")]);
    story.settle();
    story.model.put(tainted("a", "example.com/dedicated", effect));
    story.look();
    expect(story.places).toBe(places);
    expect(story.set.status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled });
  });

  test("replaces a pod that has failed, and says so", () => {
    const story = new Story({}, [node("a")]);
    story.settle();
    const [one] = story.pods;
    if (one) story.model.put({ ...one, status: { phase: "Failed" } } as Pod);
    const [event] = story.look().filter((action) => action.type === "event");
    expect(event).toMatchObject({ event: { type: "Warning", reason: "FailedDaemonPod" } });
    story.settle();
    expect(story.places).toBe("a:v1");
  });

  test("deletes pods that wait for a node which has gone", () => {
    const story = new Story({}, [node("a")]);
    story.look();
    const [gone] = story.model.of(nodeKind);
    if (gone) story.model.gone(gone);
    story.look();
    expect(story.places).toBe("a:<v1>");
  });

  test("rolls out in place, one node after the other", () => {
    const story = new Story();
    story.settle();
    story.image("v2");
    const seen = new Set<string>();
    for (let round = 0; round < 10; round++) {
      story.look();
      seen.add(story.places);
      story.breathe();
    }
    expect([...seen]).toEqual([
      "a:<v1> b:v1 c:v1",
      "a:(v2) b:v1 c:v1",
      "a:v2 b:<v1> c:v1",
      "a:v2 b:(v2) c:v1",
      "a:v2 b:v2 c:<v1>",
      "a:v2 b:v2 c:(v2)",
      "a:v2 b:v2 c:v2",
    ]);
    expect(story.set.status).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3 });
  });

  test("with a surge starts the new pod beside the old one, which goes when the new one is available", () => {
    const story = new Story({ updateStrategy: surge(1) }, [node("a"), node("b")]);
    story.settle();
    story.image("v2");
    story.look();
    expect(story.places).toBe("a:(v2) a:v1 b:v1");
    story.breathe();
    story.look();
    expect(story.places).toBe("a:<v1> a:v2 b:v1");
    story.settle();
    expect(story.places).toBe("a:v2 b:v2");
  });

  test("replaces pods that are not available at once: they serve nobody", () => {
    const story = new Story();
    story.settle();
    for (const one of story.pods) story.ready(one, false);
    story.image("v2");
    story.look();
    expect(story.places).toBe("a:<v1> b:<v1> c:<v1>");
  });

  test("with OnDelete changes a pod only when somebody deletes it", () => {
    const story = new Story({ updateStrategy: { type: "OnDelete" } });
    story.settle();
    story.image("v2");
    story.settle();
    expect(story.places).toBe("a:v1 b:v1 c:v1");
    const [one] = story.pods;
    if (one) story.model.gone(one);
    story.settle();
    expect(story.places).toBe("a:v2 b:v1 c:v1");
    expect(story.set.status).toMatchObject({ updatedNumberScheduled: 1 });
  });

  test("keeps the oldest when there is more than one pod on a node", () => {
    const story = new Story({}, [node("a")]);
    story.settle();
    const [one] = story.pods;
    if (!one) throw new Error("there is no pod");
    const metadata = {
      ...one.metadata,
      name: "logs-twin",
      uid: "uid-twin",
      creationTimestamp: new Date(T0 + 60_000).toISOString(),
    };
    story.model.put({ ...one, metadata });
    story.look();
    const stopping = story.pods.filter(({ metadata: { deletionTimestamp } }) => deletionTimestamp);
    expect(stopping.map(({ metadata: { name } }) => name)).toEqual(["logs-twin"]);
  });

  test("becomes available by time alone, and looks again exactly then", () => {
    const story = new Story({ minReadySeconds: 10 }, [node("a")]);
    story.look();
    story.breathe();
    const input = {
      daemonSet: story.set,
      nodes: story.model.of(nodeKind),
      candidates: story.pods,
      revisions: story.model.of(controllerRevisionKind),
    };
    expect(planDaemonSet(input, T0 + 4_000)).toContainEqual({ type: "requeue", afterMs: 6_000 });
  });

  test("that is being deleted only counts", () => {
    const story = new Story();
    story.edit(({ metadata }) => {
      metadata.deletionTimestamp = new Date(T0).toISOString();
    });
    expect(story.look().map(({ type }) => type)).toEqual(["updateStatus"]);
  });
});

const strategy = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map(inPlace),
  fc.integer({ min: 1, max: 3 }).map(surge),
);
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: "look" as const, at: 0 }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("ready" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("unready" as const), at: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("gone" as const), at: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("image" as const), at: fc.nat(3) }) },
);

function happen(story: Story, type: string, at: number): void {
  const one = story.pods[at % Math.max(1, story.pods.length)];
  if (type === "image") return story.image(`v${at}`);
  if (!one) return;
  const isStopping = one.metadata.deletionTimestamp !== undefined;
  if (type === "gone") {
    if (isStopping) story.model.gone(one);
  } else if (!isStopping) story.ready(one, type === "ready");
}

/** Nodes on which a pod is ready and is not about to go. */
function servedNodes(story: Story): number {
  const serving = story.pods.filter(
    (one) => isPodReady(one) && one.metadata.deletionTimestamp === undefined,
  );
  return new Set(serving.map(nodeNameOf)).size;
}

interface Happening {
  readonly type: "look" | "ready" | "unready" | "gone" | "image";
  readonly at: number;
}

/** Each look leaves as many nodes served as the strategy says, and everything ends well. */
function tell(how: ReturnType<typeof surge | typeof inPlace>, events: readonly Happening[]): void {
  const nodes = ["a", "b", "c", "d"].map((name) => node(name));
  const story = new Story({ updateStrategy: how }, nodes);
  story.settle();
  const { maxUnavailable } = how.rollingUpdate;
  for (const { type, at } of [{ type: "image", at: 9 }, ...events]) {
    if (type !== "look") {
      happen(story, type, at);
      continue;
    }
    const before = servedNodes(story);
    story.look();
    const mustStay = Math.min(before, nodes.length - Number(maxUnavailable));
    expect(servedNodes(story), story.places).toBeGreaterThanOrEqual(mustStay);
    if (maxUnavailable) expect(story.pods.length, story.places).toBeLessThanOrEqual(nodes.length);
  }
  story.settle();
  expect(story.pods).toHaveLength(nodes.length);
  expect(story.set.status).toMatchObject({ updatedNumberScheduled: 4, numberAvailable: 4 });
}

test("no look leaves fewer nodes served than the strategy allows, nor makes a second pod on a node without surge", () => {
  const property = fc.property(strategy, fc.array(happening, { maxLength: 60 }), tell);
  fc.assert(property, { numRuns: 300 });
});

test("of two old pods of a node the one that serves stays, after two changes of the template in a row", () => {
  tell(surge(1), [
    { type: "unready", at: 0 },
    { type: "look", at: 0 },
    { type: "image", at: 0 },
    { type: "ready", at: 4 },
    { type: "look", at: 0 },
  ]);
});
