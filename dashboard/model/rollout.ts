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

const REVISION = "deployment.kubernetes.io/revision";
const TRAFFIC = "kaji.dev/traffic";

export function versionsOf(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  pods: readonly Pod[],
): VersionView[] {
  const traffic = trafficOf(deployment);
  return sets
    .filter((set) => isOwnedBy(set, deployment.metadata.uid))
    .map((set) => ({
      name: set.metadata.name,
      revision: set.metadata.annotations?.[REVISION] ?? "",
      images: set.spec.template?.spec?.containers.map(({ image = "" }) => image) ?? [],
      desired: set.spec.replicas ?? 0,
      traffic: traffic && (traffic.get(set.metadata.name) ?? "0 %"),
      pods: pods
        .filter((pod) => isOwnedBy(pod, set.metadata.uid))
        .map((pod) => ({ name: pod.metadata.name, state: podStateOf(pod) })),
    }))
    .filter(({ desired, pods: own }) => desired > 0 || own.length > 0)
    .sort((a, b) => Number(b.revision) - Number(a.revision));
}

/** "web-5d4f=90,web-77c=mirror/50"; undefined: requests go to all pods alike. */
function trafficOf({ metadata }: Deployment): ReadonlyMap<string, string> | undefined {
  const text = metadata.annotations?.[TRAFFIC];
  if (!text) return undefined;
  const shares = text.split(",").map((part) => {
    const [name = "", share = "0"] = part.split("=");
    const copies = /^mirror\/(\d+)$/.exec(share.trim())?.[1];
    return [name.trim(), copies ? `copies of ${copies} %` : `${share.trim()} %`] as const;
  });
  return new Map(shares);
}

function isOwnedBy(
  { metadata }: { readonly metadata: Pod["metadata"] },
  uid: string | undefined,
): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}
