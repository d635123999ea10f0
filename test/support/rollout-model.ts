import { applyPatch } from "#api/machinery/patch";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Deployment, EndpointSlice, Pod, ReplicaSet } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { newReplicaSetName } from "#control-plane/controllers/deployment/new-replica-set";
import { planDeployment } from "#control-plane/controllers/deployment/plan";
import { planReplicaSet } from "#control-plane/controllers/replica-set";
import { T0, pod } from "#test/support/workloads";

/**
 * One Deployment with its ReplicaSets and pods as plain data. Plans of the two real controllers are applied as
 * the API server would; the ReplicaSets act at once after every change, so that what is seen is the doing of
 * the Deployment's plan.
 */
export class RolloutModel {
  deployment: Deployment;
  readonly sets = new Map<string, ReplicaSet>();
  readonly pods = new Map<string, Pod>();
  readonly events: string[] = [];
  /** What the ingresses have counted. */
  reports: TrafficReport[] = [];
  slices: EndpointSlice[] = [];
  nowMs = T0;
  private serial = 0;

  constructor(deployment: Deployment, sets: readonly ReplicaSet[] = []) {
    this.deployment = deployment;
    for (const set of sets) this.sets.set(set.metadata.name, set);
  }

  get plan(): Action[] {
    const sets = [...this.sets.values()];
    return planDeployment(
      {
        deployment: this.deployment,
        candidates: sets.filter((set) => (controllerOf(set)?.uid ?? this.uid) === this.uid),
        pods: [...this.pods.values()],
        namesake: this.sets.get(newReplicaSetName(this.deployment)),
        reports: this.reports,
        slices: this.slices,
      },
      this.nowMs,
    );
  }

  get active(): Pod[] {
    return [...this.pods.values()].filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  get ready(): Pod[] {
    return this.active.filter(isReady);
  }

  /** "web-a:2/3": ready and wanted replicas of each ReplicaSet by its image, oldest first. */
  get summary(): string {
    return [...this.sets.values()]
      .filter(({ spec }) => (spec.replicas ?? 0) > 0)
      .map((set) => `${imageOf(set)}:${set.status?.readyReplicas ?? 0}/${set.spec.replicas}`)
      .join(" ");
  }

  /** One look at the Deployment. */
  step(): readonly Action[] {
    const { plan } = this;
    for (const action of plan) this.apply(action);
    this.syncSets();
    return plan.filter(({ type }) => type !== "requeue");
  }

  /** Looks until there is nothing to do; with `makeReady`, pods become ready in between. */
  settle({ makeReady = true }: { makeReady?: boolean } = {}): void {
    for (let round = 0; round < 200; round++) {
      const isQuiet = this.step().length === 0;
      const isStopping = this.active.length < this.pods.size;
      const pending = makeReady ? this.active.filter((one) => !isReady(one)) : [];
      for (const one of pending) this.setReady(one, true);
      this.goneAll();
      if (isQuiet && pending.length === 0 && !isStopping) return;
    }
    throw new Error(`the Deployment does not come to rest: ${JSON.stringify(this.plan)}`);
  }

  setReady(target: Pod, ready: boolean): void {
    const { name, labels = {} } = target.metadata;
    const owner = controllerOf(target);
    if (!owner) return;
    this.pods.set(name, pod(name, { labels, owner, isReady: ready, phase: "Running" }));
    this.syncSets();
  }

  /** Pods that were deleted are gone. */
  goneAll(): void {
    for (const [name, { metadata }] of this.pods) {
      if (metadata.deletionTimestamp) this.pods.delete(name);
    }
    this.syncSets();
  }

  /** As a user's edit: the generation grows. */
  edit(change: (draft: Deployment) => void): void {
    const draft = structuredClone(this.deployment);
    change(draft);
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
    this.deployment = draft;
  }

  setImage(image: string): void {
    this.edit(({ spec }) => {
      for (const container of spec.template.spec?.containers ?? []) container.image = image;
    });
  }

  get image(): string | undefined {
    return this.deployment.spec.template.spec?.containers[0]?.image;
  }

  scale(replicas: number): void {
    this.edit(({ spec }) => {
      spec.replicas = replicas;
    });
  }

  pause(paused: boolean): void {
    this.edit(({ spec }) => {
      spec.paused = paused;
    });
  }

  /** undefined: takes it away. */
  annotate(name: string, value: string | undefined): void {
    const { [name]: _, ...others } = this.deployment.metadata.annotations ?? {};
    const annotations = value === undefined ? others : { ...others, [name]: value };
    this.deployment = {
      ...this.deployment,
      metadata: { ...this.deployment.metadata, annotations },
    };
  }

  get traffic(): string {
    return this.deployment.metadata.annotations?.["kaji.dev/traffic"] ?? "";
  }

  get phase(): string | undefined {
    return this.condition("kaji.dev/Rollout")?.reason;
  }

  /** Containers of a ReplicaSet's first pod have been restarted this often. */
  crash(setName: string, restartCount: number): void {
    const one = this.active.find(({ metadata }) => metadata.name.startsWith(`${setName}-`));
    if (!one) throw new Error(`${setName} has no pod`);
    const lastState = { terminated: { exitCode: 1 } };
    const main = { name: "main", image: "", imageID: "", ready: false, restartCount, lastState };
    const status = { ...one.status, containerStatuses: [main] };
    this.pods.set(one.metadata.name, { ...one, status });
    this.syncSets();
  }

  condition(type: string) {
    return this.deployment.status?.conditions?.find((one) => one.type === type);
  }

  revisionOf(image: string): string | undefined {
    const set = [...this.sets.values()].find((one) => imageOf(one) === image);
    return set?.metadata.annotations?.["deployment.kubernetes.io/revision"];
  }

  private get uid(): string {
    return this.deployment.metadata.uid ?? "";
  }

  private syncSets(): void {
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = true;
      for (const replicaSet of [...this.sets.values()]) {
        const { uid } = replicaSet.metadata;
        const candidates = [...this.pods.values()].filter((one) => controllerOf(one)?.uid === uid);
        const plan = planReplicaSet({ replicaSet, candidates }, this.nowMs);
        for (const action of plan) if (action.type !== "requeue") isQuiet = false;
        for (const action of plan) this.apply(action);
      }
    }
  }

  private apply(action: Action): void {
    if ("event" in action && action.event) this.events.push(action.event.message);
    switch (action.type) {
      case "create":
        return this.put({ ...action.object, metadata: this.born(action.object) } as KubeObject);
      case "update":
        return this.put(this.grown(action.object));
      case "updateStatus":
        return this.put(action.object);
      case "patch": {
        const current = this.find(action.kind.kind, action.target.name);
        if (!current) throw new Error(`patch of ${action.target.name}, which does not exist`);
        const type = action.patchType ?? "merge";
        const next = applyPatch(type, action.kind.schema, current, action.body) as KubeObject;
        return this.put(action.subresource ? next : this.grown(next));
      }
      case "delete": {
        const { name } = action.target;
        if (action.kind.kind === "ReplicaSet") return void this.sets.delete(name);
        const target = this.pods.get(name);
        if (target) {
          const metadata = { ...target.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
          this.pods.set(name, { ...target, metadata });
        }
        return;
      }
      case "event":
      case "remember":
      case "requeue":
        return;
      case "apply":
      case "deleteCollection":
      case "finalizeNamespace":
        throw new Error(`a roll-out does not plan ${action.type}`);
    }
  }

  private born({ metadata }: KubeObject): KubeObject["metadata"] {
    const name = metadata.name || `${metadata.generateName}${this.serial}`;
    const creationTimestamp = new Date(T0 + this.serial++ * 1000).toISOString();
    return { ...metadata, name, uid: `uid-${name}`, creationTimestamp, generation: 1 };
  }

  private grown<T extends KubeObject>(next: T): T {
    const before = this.find(next.kind, next.metadata.name) as (T & { spec?: unknown }) | undefined;
    const spec = (next as T & { spec?: unknown }).spec;
    if (JSON.stringify(before?.spec) === JSON.stringify(spec)) return next;
    const generation = (before?.metadata.generation ?? 0) + 1;
    return { ...next, metadata: { ...next.metadata, generation } };
  }

  private find(kind: string, name: string): KubeObject | undefined {
    if (kind === "Deployment") return this.deployment;
    return kind === "ReplicaSet" ? this.sets.get(name) : this.pods.get(name);
  }

  private put(object: KubeObject): void {
    if (object.kind === "Deployment") this.deployment = object as Deployment;
    else if (object.kind === "ReplicaSet")
      this.sets.set(object.metadata.name, object as ReplicaSet);
    else if (object.kind === "Pod") this.pods.set(object.metadata.name, object as Pod);
    else throw new Error(`no place for ${object.kind} ${keyOf(object)}`);
  }
}

export function isReady(one: Pod): boolean {
  return (
    one.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
    false
  );
}

function imageOf(set: ReplicaSet): string {
  return set.spec.template?.spec?.containers[0]?.image ?? "";
}

/** What one ingress counted of one version: `ms` is how long each request took. */
export interface ReportedCounts {
  readonly requests: number;
  readonly errors?: number;
  readonly ms?: number;
}

const BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000];

export function trafficReport(
  name: string,
  counts: Readonly<Record<string, ReportedCounts>>,
  epoch = "1",
): TrafficReport {
  const versions = Object.entries(counts).map(([version, { requests, errors = 0, ms = 20 }]) => {
    const at = BOUNDS_MS.findIndex((bound) => ms <= bound);
    const latencyBuckets = [...BOUNDS_MS, 0].map((_, i) => (i === at ? requests : 0));
    return { name: version, requests, errors, latencyMs: requests * ms, latencyBuckets };
  });
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "TrafficReport",
    metadata: { name, namespace: "default" },
    spec: { service: "web", ingress: "ingress-1" },
    status: { epoch, latencyBoundsMs: BOUNDS_MS, versions },
  };
}
