import { defineAudit } from "#api/audit/define-audit";

export const ownersExist = defineAudit({
  name: "owners-exist",
  invariant: "Every owner reference leads, by its UID, to an object of that kind and name.",
  isEventual: true,
  // Caller must: hand in all kinds that own others (or leave the owned out), for an owner that is not listed counts as gone.
  *check(objects) {
    const byUid = new Map(objects.all.map((object) => [object.metadata.uid, object]));
    for (const object of objects.all) {
      for (const reference of object.metadata.ownerReferences ?? []) {
        const title = `${reference.kind} "${reference.name}" (UID ${reference.uid})`;
        const owner = byUid.get(reference.uid);
        if (!owner) {
          yield { object, message: `its owner ${title} does not exist` };
        } else if (owner.metadata.name !== reference.name || owner.kind !== reference.kind) {
          const found = `${owner.kind} "${owner.metadata.name}"`;
          yield { object, message: `its owner ${title} is in truth ${found}` };
        }
      }
    }
  },
});
