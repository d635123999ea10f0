import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import type { PersistentVolumeClaim, PersistentVolumeClaimCondition } from "#api/schema/types";
import { WAITING } from "#api/storage/names";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { toTime } from "#kit/clock";

/**
 * Why a claim has no volume yet, as an event and, since events are forgotten, as a condition of the claim.
 * Invariant: the condition is what keeps a sentence from being said twice.
 */
export interface Reason {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Nothing when the claim says it already. */
export function say(claim: PersistentVolumeClaim, why: Reason, nowMs: number): Action[] {
  const { reason, message } = why;
  const said = claim.status?.conditions?.find(({ type }) => type === WAITING);
  if (said?.reason === reason && said.message === message) return [];
  const lastTransitionTime = said?.lastTransitionTime ?? toTime(nowMs);
  const condition = { type: WAITING, status: "True", reason, message, lastTransitionTime };
  const conditions = [...withoutWaiting(claim), condition];
  return [
    {
      type: "patch",
      kind: persistentVolumeClaimKind,
      target: targetOf(claim),
      subresource: "status",
      body: { status: { phase: "Pending", conditions } },
    },
    { type: "event", event: { about: claim, ...why } },
  ];
}

export function withoutWaiting({
  status,
}: PersistentVolumeClaim): PersistentVolumeClaimCondition[] {
  return (status?.conditions ?? []).filter(({ type }) => type !== WAITING);
}
