import { cronJobKind } from "#api/kinds/cron-job";
import { deploymentKind } from "#api/kinds/deployment";
import { jobKind } from "#api/kinds/job";
import { replicaSetKind } from "#api/kinds/replica-set";
import { replicationControllerKind } from "#api/kinds/replication-controller";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Kind } from "#api/machinery/define-kind";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import { type Action, targetOf } from "#control-plane/controllers/controller";

/** What a tenant's pods come from, and how each is stopped and goes on again. */
export const scalableKinds: readonly Kind[] = [
  deploymentKind,
  statefulSetKind,
  replicaSetKind,
  replicationControllerKind,
] as unknown as readonly Kind[];
export const suspendableKinds: readonly Kind[] = [
  jobKind,
  cronJobKind,
] as unknown as readonly Kind[];

export interface Workload {
  readonly kind: Kind;
  readonly object: KubeObject;
}

type Scaled = KubeObject & { spec?: { replicas?: number; suspend?: boolean } };

/** What a workload was before its tenant was suspended: its replicas, or "running". */
const REMEMBERED = "kaji.dev/suspended-replicas";
const RUNNING = "running";

export function isScalable({ kind }: KubeObject): boolean {
  return scalableKinds.some((one) => one.kind === kind);
}

export function replicasOf({ object }: Workload): number {
  return (object as Scaled).spec?.replicas ?? 1;
}

/** Those that nothing else scales. */
export function ownWorkloads(workloads: readonly Workload[]): Workload[] {
  return workloads.filter(({ object }) => !controllerOf(object));
}

/** A CronJob that is suspended makes no more Jobs, and leaves those that run to run. */
function isStoppedItself({ kind, object }: Workload): boolean {
  return !controllerOf(object) || kind.kind === jobKind.kind;
}

/** To zero, once: what is started again by hand while suspended gets no pods anyway (admission). */
export function planSuspension(workloads: readonly Workload[]): Action[] {
  return workloads.filter(isStoppedItself).flatMap((workload): Action[] => {
    const { kind, object } = workload;
    if (object.metadata.annotations?.[REMEMBERED] !== undefined) return [];
    const isScaled = scalableKinds.includes(kind);
    const isStopped = isScaled
      ? replicasOf(workload) === 0
      : (object as Scaled).spec?.suspend === true;
    if (isStopped) return [];
    const was = isScaled ? String(replicasOf(workload)) : RUNNING;
    return [change(workload, was, isScaled ? { replicas: 0 } : { suspend: true })];
  });
}

export function planResumption(workloads: readonly Workload[]): Action[] {
  return workloads.flatMap((workload): Action[] => {
    const was = workload.object.metadata.annotations?.[REMEMBERED];
    if (was === undefined) return [];
    // A ReplicaSet repeats its Deployment's annotations, also one of an old version: it is scaled by that alone.
    if (!isStoppedItself(workload)) return [change(workload, null)];
    const isScaled = scalableKinds.includes(workload.kind);
    return [change(workload, null, isScaled ? { replicas: Number(was) || 0 } : { suspend: false })];
  });
}

export function isRemembered({ object }: Workload): boolean {
  return object.metadata.annotations?.[REMEMBERED] !== undefined;
}

function change({ kind, object }: Workload, was: string | null, spec?: object): Action {
  const body = { metadata: { annotations: { [REMEMBERED]: was } }, ...(spec ? { spec } : {}) };
  return { type: "patch", kind, target: targetOf(object), body };
}

/** Starts what sleeps: one replica each, from where its autoscaler goes on. */
export function planWaking(workloads: readonly Workload[]): Action[] {
  return ownWorkloads(workloads)
    .filter(
      (workload) =>
        scalableKinds.includes(workload.kind) &&
        replicasOf(workload) === 0 &&
        !isRemembered(workload),
    )
    .map(({ kind, object }) => ({
      type: "patch",
      kind,
      target: targetOf(object),
      body: { spec: { replicas: 1 } },
    }));
}

/** True when there is something that could run, and none of it does. */
export function isAsleep(workloads: readonly Workload[]): boolean {
  const scaled = ownWorkloads(workloads).filter(({ kind }) => scalableKinds.includes(kind));
  return scaled.length > 0 && scaled.every((workload) => replicasOf(workload) === 0);
}
