import type { PersistentVolumeClaim } from "#api/schema/types";
import { eventsAbout } from "#api/why/events-about";
import { defineExplainer, type Surroundings, type Trouble } from "#api/why/explainer";
import { newest } from "#api/why/story";

export const claimExplainer = defineExplainer<PersistentVolumeClaim>({
  ...{ group: "", version: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims" },
  isNamespaced: true,
  reads: ["events", "pods", "storageClasses"],
  trouble: claimTrouble,
  explain(claim, around) {
    const trouble = claimTrouble(claim);
    if (trouble?.sentence !== PENDING) {
      const conditions = (claim.status?.conditions ?? []).map(
        ({ type, message }) => `${type}${message ? `: ${message}` : ""}`,
      );
      const bound = `is bound to volume ${claim.spec.volumeName ?? ""}`;
      return [trouble?.sentence ?? bound, ...usersOf(claim, around), ...conditions];
    }
    const said = newest(eventsAbout(claim, around.events));
    return [
      PENDING,
      ...(said?.message ? [`${said.reason}: ${said.message}`] : []),
      ...classLines(claim, around),
      ...usersOf(claim, around),
    ];
  },
});

const PENDING = "is pending: it has no volume yet";

function claimTrouble({ status, metadata }: PersistentVolumeClaim): Trouble | undefined {
  if (metadata.deletionTimestamp) {
    return { tone: "busy", sentence: "is being deleted, as soon as no pod uses it" };
  }
  if (status?.phase === "Lost") {
    return { tone: "bad", sentence: "has lost its volume: what was on it is gone" };
  }
  return status?.phase === "Bound" ? undefined : { tone: "busy", sentence: PENDING };
}

function classLines({ spec }: PersistentVolumeClaim, { storageClasses }: Surroundings): string[] {
  if (!storageClasses) return [];
  const { storageClassName } = spec;
  const names = storageClasses.map(({ metadata }) => metadata.name).join(", ") || "none";
  if (!storageClassName) {
    return [`it names no storage class, and there is no default one; there are: ${names}`];
  }
  const found = storageClasses.find(({ metadata }) => metadata.name === storageClassName);
  if (!found) return [`there is no storage class ${storageClassName}; there are: ${names}`];
  return found.volumeBindingMode === "WaitForFirstConsumer"
    ? [`storage class ${storageClassName} makes a volume once a pod that uses the claim has a node`]
    : [];
}

function usersOf({ metadata }: PersistentVolumeClaim, { pods }: Surroundings): string[] {
  if (!pods) return [];
  const users = pods
    .filter(({ spec }) =>
      spec.volumes?.some((one) => one.persistentVolumeClaim?.claimName === metadata.name),
    )
    .map((pod) => pod.metadata.name);
  return [users.length > 0 ? `used by pod ${users.join(", ")}` : "no pod uses it"];
}
