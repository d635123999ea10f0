import { REVISION } from "#api/kinds/deployment-revision";
import { parseTraffic, TRAFFIC, type TrafficShare } from "#api/kinds/deployment-strategy";
import { isControlledBy } from "#api/machinery/meta";
import type { Deployment, Pod, ReplicaSet } from "#api/schema/types";
import { type PodState, podStateOf } from "#dashboard/model/pod-state";

/** A Deployment's versions as one watches a roll-out: the newest first, each with its pods and its share. */
export interface VersionView {
  readonly name: string;
  readonly revision: string;
  readonly images: readonly string[];
  readonly desired: number;
  /** What the ingress sends it: "25 %", "copies of 50 %", or undefined where requests go by pods. */
  readonly traffic: string | undefined;
  readonly pods: readonly PodView[];
}

export interface PodView {
  readonly name: string;
  readonly state: PodState;
}

export function versionsOf(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  pods: readonly Pod[],
): VersionView[] {
  const traffic = parseTraffic(deployment.metadata.annotations?.[TRAFFIC]);
  return sets
    .filter((set) => isControlledBy(set, deployment))
    .map((set) => ({
      name: set.metadata.name,
      revision: set.metadata.annotations?.[REVISION] ?? "",
      images: set.spec.template?.spec?.containers.map(({ image = "" }) => image) ?? [],
      desired: set.spec.replicas ?? 0,
      traffic: traffic && formatShare(traffic.get(set.metadata.name)),
      pods: pods
        .filter((pod) => isControlledBy(pod, set))
        .map((pod) => ({ name: pod.metadata.name, state: podStateOf(pod) })),
    }))
    .filter(({ desired, pods: own }) => desired > 0 || own.length > 0)
    .sort((a, b) => Number(b.revision) - Number(a.revision));
}

function formatShare(share: TrafficShare | undefined): string {
  const { weight = 0, mirrorPercent } = share ?? {};
  return mirrorPercent === undefined ? `${weight} %` : `copies of ${mirrorPercent} %`;
}

/** "1 of 2 ready"; while two versions overlap more can be ready than are wanted. */
export function readyWords({ spec, status }: Deployment): string {
  const wanted = spec.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  return ready <= wanted
    ? `${ready} of ${wanted} ready`
    : `${wanted} wanted, ${ready} ready while versions overlap`;
}

/** What was seen of one pod: a roll-out is read as the list of these. */
export interface RolloutStep {
  readonly atMs: number;
  readonly pod: string;
  readonly revision: string;
  readonly step: PodState | "gone";
}

export type SeenPods = ReadonlyMap<string, { readonly revision: string; readonly state: PodState }>;

export function seenPods(versions: readonly VersionView[]): SeenPods {
  return new Map(
    versions.flatMap(({ revision, pods }) =>
      pods.map(({ name, state }) => [name, { revision, state }] as const),
    ),
  );
}

/** What has changed between two looks: the old one's step down and the new one's step up are one swap. */
export function stepsBetween(before: SeenPods, after: SeenPods, atMs: number): RolloutStep[] {
  const steps: RolloutStep[] = [];
  for (const [pod, { revision, state }] of after) {
    if (before.get(pod)?.state !== state) steps.push({ atMs, pod, revision, step: state });
  }
  for (const [pod, { revision }] of before) {
    if (!after.has(pod)) steps.push({ atMs, pod, revision, step: "gone" });
  }
  return steps;
}
