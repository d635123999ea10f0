import { parseTraffic, TRAFFIC, type TrafficShare } from "#api/kinds/deployment-strategy";
import { isPodReady } from "#api/kinds/pod-status";
import { isControlledBy } from "#api/machinery/meta";
import type { Deployment, Pod, ReplicaSet } from "#api/schema/types";
import { whyPod } from "#api/why/pod";
import { formatAge } from "#cli/format";
import { progressOf } from "#cli/rollout/progress";
import { strategyStateOf } from "#cli/rollout/strategy";
import { REVISION } from "#api/kinds/deployment-revision";
import { type Workload } from "#cli/rollout/workload";
import { formatTable } from "#cli/table";

/** A roll-out as it stands: versions with their share of the requests, pods, the present step and its verdict. Pure. */
export interface LiveState {
  readonly object: Workload;
  /** Of a Deployment. */
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly nowMs: number;
}

export function liveView(state: LiveState): string[] {
  const { object } = state;
  const { sentence } = progressOf(object);
  const strategy = object.kind === "Deployment" ? strategyStateOf(object as Deployment) : undefined;
  const name = object.metadata.annotations?.["kaji.dev/strategy"];
  const header = strategy
    ? `${name ?? "rolling"}: ${strategy.phase}${strategy.message ? `: ${strategy.message}` : ""}`
    : sentence;
  const rows = versionsOf(state).map((version) => rowOf(version, state));
  return [
    header,
    ...(rows.length > 0
      ? formatTable(["version", "revision", "requests", "ready", "age", "pods"], rows).split("\n")
      : []),
    ...troubles(state),
  ];
}

interface Version {
  readonly name: string;
  readonly revision: string;
  readonly requests: string;
  readonly wanted: number | undefined;
  readonly createdMs: number;
  readonly pods: readonly Pod[];
}

/** The newest first; those without pods that get no requests are history. */
function versionsOf(state: LiveState): Version[] {
  const versions =
    state.object.kind === "Deployment" ? ofReplicaSets(state) : ofRevisionHashes(state);
  return versions
    .filter(
      ({ pods, wanted, requests }) => pods.length > 0 || (wanted ?? 0) > 0 || requests !== "-",
    )
    .sort((a, b) => Number(b.revision) - Number(a.revision) || b.createdMs - a.createdMs);
}

function ofReplicaSets({ object, replicaSets, pods }: LiveState): Version[] {
  const traffic = parseTraffic(object.metadata.annotations?.[TRAFFIC]);
  return replicaSets.map((set) => {
    const { metadata, spec } = set;
    return {
      name: metadata.name,
      revision: metadata.annotations?.[REVISION] ?? "",
      requests: formatShare(traffic?.get(metadata.name)),
      wanted: spec.replicas ?? 1,
      createdMs: Date.parse(metadata.creationTimestamp ?? ""),
      pods: pods.filter((pod) => isControlledBy(pod, set)),
    };
  });
}

function formatShare(share: TrafficShare | undefined): string {
  if (!share) return "-";
  const { weight, mirrorPercent } = share;
  return mirrorPercent === undefined ? `${weight}%` : `copies of ${mirrorPercent}%`;
}

function ofRevisionHashes({ pods }: LiveState): Version[] {
  const byHash = groupedBy(
    pods,
    ({ metadata }) => metadata.labels?.["controller-revision-hash"] ?? "",
  );
  return [...byHash].map(([name, own]) => ({
    ...{ name, revision: "", requests: "-", wanted: undefined, pods: own },
    createdMs: Math.min(...own.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ""))),
  }));
}

function rowOf(
  { name, revision, requests, wanted, createdMs, pods }: Version,
  { nowMs }: LiveState,
): string[] {
  const ready = pods.filter((pod) => isPodReady(pod)).length;
  const phases = groupedBy(pods, (pod) =>
    pod.metadata.deletionTimestamp ? "Terminating" : (pod.status?.phase ?? "Pending"),
  );
  const spoken = [...phases].map(([phase, some]) => `${some.length} ${phase}`).join(", ");
  const age = Number.isNaN(createdMs) ? "" : formatAge(nowMs - createdMs);
  return [name, revision, requests, `${ready}/${wanted ?? pods.length}`, age, spoken || "none"];
}

function groupedBy(pods: readonly Pod[], keyOf: (pod: Pod) => string): Map<string, Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const group = groups.get(keyOf(pod)) ?? [];
    groups.set(keyOf(pod), [...group, pod]);
  }
  return groups;
}

const MAX_TROUBLES = 3;

/** Why pods are not ready, of as many as fit. */
function troubles({ pods }: LiveState): string[] {
  return pods
    .filter((pod) => !isPodReady(pod) && !pod.metadata.deletionTimestamp)
    .slice(0, MAX_TROUBLES)
    .map((pod) => whyPod({ pod, events: [] }))
    .map(([first = "", second = ""]) => [first, second.trim()].filter(Boolean).join(": "));
}
