import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { storageClassKind } from "#api/kinds/storage-class";
import { keyOf } from "#api/machinery/meta";
import type { PersistentVolume, PersistentVolumeClaim } from "#api/schema/types";
import { isClaimBound, isReservedFor, mismatchOf } from "#api/storage/matching";
import {
  BOUND_BY_CONTROLLER,
  PROVISIONING_FAILED,
  SELECTED_NODE,
  WAITING,
} from "#api/storage/names";
import {
  always,
  type ClusterView,
  finalRefusal,
  isRefusal,
  type Plugin,
  refusal,
} from "#control-plane/scheduler/framework";
import {
  type ClaimsOfPod,
  claimsOfPod,
  storageKinds,
} from "#control-plane/scheduler/plugins/volume-claims";
import {
  NODE_CONFLICT,
  planVolumes,
  type VolumeChoices,
  type VolumePlan,
} from "#control-plane/scheduler/plugins/volume-plan";
import { isOwn } from "#control-plane/scheduler/plugins/volume-restrictions";

/**
 * Takes a pod to where its volumes are, and chooses the volumes of claims that wait for their pod. What is chosen is
 * reserved in memory until it is written; then the pod waits until the claims are bound.
 * Invariant: a volume is reserved for at most one claim.
 */
const NAME = "VolumeBinding";
/** Then the pod is tried anew (what was chosen for its claims stays), so that slow volumes hold up nobody else. */
const BIND_TIMEOUT_MS = 30_000;

/** By pod: on which node it gets what. */
type Reservations = Map<string, VolumePlan & { readonly nodeName: string }>;

interface Prepared {
  readonly claims: ClaimsOfPod;
  readonly choices: VolumeChoices;
}

export const volumeBinding: Plugin = {
  name: NAME,
  prepare({ pod, key }, view) {
    const claims = claimsOfPod(pod, view);
    if (!claims || isRefusal(claims)) return claims;
    return { claims, choices: choicesFor(claims, view, key) } satisfies Prepared;
  },
  filter(prepared, _pod, { node }) {
    const { claims, choices } = prepared as Prepared;
    const plan = planVolumes(claims, node, choices);
    if (typeof plan !== "string") return undefined;
    return plan === NODE_CONFLICT ? finalRefusal(plan) : refusal(plan);
  },
  reserve({ pod, key }, { node }, view) {
    const claims = claimsOfPod(pod, view);
    if (!claims || isRefusal(claims)) return claims;
    const plan = planVolumes(claims, node, choicesFor(claims, view, key));
    if (typeof plan === "string") return refusal(plan);
    reservations(view).set(key, { ...plan, nodeName: node.metadata.name });
    return undefined;
  },
  unreserve: ({ key }, _nodeName, view) => {
    reservations(view).delete(key);
  },
  async preBind({ key }, nodeName, view) {
    const plan = reservations(view).get(key);
    if (!plan) return;
    const { awaited, bindings, provisions } = plan;
    for (const { claim, volume } of bindings) await reserveVolume(view, volume, claim);
    const selected = [];
    for (const claim of provisions) selected.push(await selectNode(view, claim, nodeName));
    const claims = [...bindings.map(({ claim }) => claim), ...selected, ...awaited];
    await untilBound(view, claims);
  },
  postBind: ({ key }, _nodeName, view) => {
    reservations(view).delete(key);
  },
  watches: storageKinds,
  retryOn: {
    nodeAdded: always,
    nodeChanged: ({ previous, node }) => previous.metadata.labels !== node.metadata.labels,
    objectChanged: ({ kind, current }, pod) => {
      if (!current) return false;
      if (kind === persistentVolumeClaimKind.kind) return isOwn(pod, current);
      return kind === persistentVolumeKind.kind || kind === storageClassKind.kind;
    },
  },
};

function reservations(view: ClusterView): Reservations {
  return view.own(NAME, (): Reservations => new Map());
}

/** Another pod of the same claim decides for this one too, and gets its volumes alone. */
function choicesFor(claims: ClaimsOfPod, view: ClusterView, podKey: string): VolumeChoices {
  const pending = new Map<string, string>();
  if (claims.delayed.length === 0) return { free: [], pending };
  const taken = new Set<string>();
  for (const [key, { bindings, provisions, nodeName }] of reservations(view)) {
    if (key === podKey) continue;
    for (const { volume } of bindings) taken.add(volume.metadata.name);
    for (const claim of [...bindings.map((one) => one.claim), ...provisions]) {
      pending.set(claim.metadata.uid ?? "", nodeName);
    }
  }
  return { free: freeVolumes(claims, view, taken), pending };
}

/** What the pod's claims could be bound to on some node. */
function freeVolumes(
  { delayed }: ClaimsOfPod,
  view: ClusterView,
  taken: ReadonlySet<string>,
): PersistentVolume[] {
  const isOurs = (volume: PersistentVolume): boolean =>
    delayed.some(({ claim }) => isReservedFor(volume, claim));
  return view
    .lister(persistentVolumeKind)
    .list()
    .filter(
      (volume) =>
        (!volume.spec.claimRef || isOurs(volume)) &&
        !taken.has(volume.metadata.name) &&
        delayed.some(({ claim }) => !mismatchOf(volume, claim)),
    );
}

/** On the version that was seen: whoever was faster has it. */
async function reserveVolume(
  { client }: ClusterView,
  { metadata, spec }: PersistentVolume,
  claim: PersistentVolumeClaim,
): Promise<void> {
  if (spec.claimRef?.uid) return;
  const { name, namespace, uid } = claim.metadata;
  const annotations = spec.claimRef ? {} : { annotations: { [BOUND_BY_CONTROLLER]: "yes" } };
  const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid };
  const { resourceVersion } = metadata;
  const body = {
    metadata: { uid: metadata.uid, resourceVersion, ...annotations },
    spec: { claimRef },
  };
  await client.patch(persistentVolumeKind, { name: metadata.name }, { type: "merge", body });
}

/** Gives the claim as it is then. */
async function selectNode(
  { client }: ClusterView,
  claim: PersistentVolumeClaim,
  nodeName: string,
): Promise<PersistentVolumeClaim> {
  const { name, namespace = "default", uid, annotations } = claim.metadata;
  if (annotations?.[SELECTED_NODE] === nodeName) return claim;
  const body = { metadata: { uid, annotations: { [SELECTED_NODE]: nodeName } } };
  return client.patch(persistentVolumeClaimKind, { name, namespace }, { type: "merge", body });
}

/** Throws when a claim cannot be bound there, or not in time: the pod is tried again. */
async function untilBound(
  view: ClusterView,
  claims: readonly PersistentVolumeClaim[],
): Promise<void> {
  const deadlineMs = view.nowMs() + BIND_TIMEOUT_MS;
  for (const claim of claims) {
    const key = keyOf(claim);
    for (;;) {
      const current = view.lister(persistentVolumeClaimKind).get(key);
      if (!current || current.metadata.uid !== claim.metadata.uid) {
        throw new Error(`persistentvolumeclaim "${claim.metadata.name}" not found`);
      }
      if (isClaimBound(current)) break;
      if (isGivenUp(claim, current)) throw new Error(`the node of PVC "${key}" was given up`);
      if (hasFailed(current)) throw new Error(`provisioning failed for PVC "${key}"`);
      const leftMs = deadlineMs - view.nowMs();
      if (leftMs <= 0) throw new Error(`binding volumes: PVC "${key}" is not bound yet`);
      await view.nextChange(persistentVolumeClaimKind, leftMs);
    }
  }
}

/** Its provisioner has taken the choice of the node back. resourceVersion is the store's revision, one counter. */
function isGivenUp(chosen: PersistentVolumeClaim, current: PersistentVolumeClaim): boolean {
  const [before, now] = [chosen, current].map(({ metadata }) => Number(metadata.resourceVersion));
  const isNewer = (now ?? 0) >= (before ?? 0);
  const [wanted, actual] = [chosen, current].map(
    ({ metadata }) => metadata.annotations?.[SELECTED_NODE],
  );
  return isNewer && wanted !== undefined && actual !== wanted;
}

function hasFailed({ status }: PersistentVolumeClaim): boolean {
  const waiting = status?.conditions?.find(({ type }) => type === WAITING);
  return waiting?.reason === PROVISIONING_FAILED;
}
