import { defineAudit, describe } from "#api/audit/define-audit";
import type { KubeObject } from "#api/machinery/meta";

export const uidsAreUnique = defineAudit({
  name: "uids-are-unique",
  invariant: "Every object has a UID of its own.",
  isEventual: false,
  *check(objects) {
    const owners = new Map<string, KubeObject>();
    for (const object of objects.all) {
      const { uid } = object.metadata;
      if (!uid) {
        yield { object, message: "it has no UID" };
        continue;
      }
      const other = owners.get(uid);
      if (other) yield { object, message: `its UID ${uid} is also that of ${describe(other)}` };
      owners.set(uid, object);
    }
  },
});
