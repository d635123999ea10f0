import { defineAudit } from "#api/audit/define-audit";
import { isPodTerminal } from "#api/kinds/pod-status";
import { keyOf } from "#api/machinery/meta";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "#api/schema/types";
import { isReachable } from "#api/storage/matching";
import { BIND_COMPLETED } from "#api/storage/names";
import { claimKeysOf } from "#api/storage/pod-claims";

export const volumesHaveOneClaim = defineAudit({
  name: "volumes-have-one-claim",
  invariant: "No two bound claims have one volume, and a bound claim's volume is bound to it.",
  isEventual: false,
  *check(objects) {
    const volumes = byName(objects.of<PersistentVolume>("PersistentVolume"));
    const taken = new Map<string, string>();
    for (const claim of objects.of<PersistentVolumeClaim>("PersistentVolumeClaim")) {
      const { volumeName } = claim.spec;
      if (!volumeName || !isBound(claim)) continue;
      const other = taken.get(volumeName);
      if (other)
        yield { object: claim, message: `its volume ${volumeName} is also that of ${other}` };
      taken.set(volumeName, keyOf(claim));
      const holder = volumes.get(volumeName)?.spec.claimRef;
      if (holder && holder.uid !== claim.metadata.uid) {
        const name = `${holder.namespace}/${holder.name}`;
        yield { object: claim, message: `its volume ${volumeName} is bound to ${name}` };
      }
    }
  },
});

export const podsReachTheirVolumes = defineAudit({
  name: "pods-reach-their-volumes",
  invariant:
    "A pod with a node has claims that are bound to volumes which the node can reach; one of ReadWriteOncePod has no other pod.",
  isEventual: false,
  *check(objects) {
    const volumes = byName(objects.of<PersistentVolume>("PersistentVolume"));
    const nodes = byName(objects.of<Node>("Node"));
    const claims = new Map(
      objects
        .of<PersistentVolumeClaim>("PersistentVolumeClaim")
        .map((claim) => [keyOf(claim), claim] as const),
    );
    const users = new Map<string, string>();
    for (const pod of objects.of<Pod>("Pod")) {
      const node = nodes.get(pod.spec.nodeName ?? "");
      if (!node || isPodTerminal(pod)) continue;
      for (const key of claimKeysOf(pod)) {
        const claim = claims.get(key);
        const volume = volumes.get(claim?.spec.volumeName ?? "");
        if (volume && !isReachable(volume, node)) {
          const message = `node ${node.metadata.name} cannot reach volume ${volume.metadata.name}`;
          yield { object: pod, message };
        }
        if (!claim?.spec.accessModes?.includes("ReadWriteOncePod")) continue;
        const other = users.get(key);
        if (other)
          yield { object: pod, message: `claim ${key} is for one pod, and ${other} has it` };
        users.set(key, keyOf(pod));
      }
    }
  },
});

function isBound({ metadata, status }: PersistentVolumeClaim): boolean {
  return metadata.annotations?.[BIND_COMPLETED] !== undefined && status?.phase !== "Lost";
}

function byName<T extends { readonly metadata: { readonly name: string } }>(
  objects: readonly T[],
): Map<string, T> {
  return new Map(objects.map((object) => [object.metadata.name, object]));
}
