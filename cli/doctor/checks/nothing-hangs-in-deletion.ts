import type { KubeObject } from "#api/machinery/meta";
import type { Namespace } from "#api/schema/types";
import { clusterCheck, inNamespace, MINUTE_MS, subjectOf } from "#cli/doctor/define-check";

const PATIENCE_MS = 5 * MINUTE_MS;

export const nothingHangsInDeletion = clusterCheck(
  "nothing hangs in deletion",
  function* ({ objects }, nowMs) {
    for (const object of objects.all) {
      // Of a pod, the time at which its grace ends.
      const sinceMs = nowMs - Date.parse(object.metadata.deletionTimestamp ?? "");
      if (!(sinceMs > PATIENCE_MS)) continue;
      const minutes = Math.floor(sinceMs / MINUTE_MS);
      yield {
        severity: "warning",
        subject: subjectOf(object),
        problem: `is being deleted for ${minutes} minutes: ${holderOf(object)}`,
        remedy: remedyFor(object),
        command: `kaji get ${object.kind.toLowerCase()} ${object.metadata.name}${inNamespace(object)} -o yaml`,
      };
    }
  },
);

function holderOf(object: KubeObject): string {
  const { finalizers = [] } = object.metadata;
  if (finalizers.length > 0) return `the finalizer ${finalizers.join(", ")} holds it`;
  const said = object.kind === "Namespace" ? contentOf(object as Namespace) : "";
  if (said) return said;
  return object.kind === "Pod" ? "its node does not say that it is gone" : "something holds it";
}

function contentOf({ status }: Namespace): string {
  const remaining = status?.conditions?.find(
    ({ type, status: is }) => /Remaining|Failure/.test(type) && is === "True",
  );
  return remaining?.message ?? "what is in it is not gone yet";
}

function remedyFor({ kind, metadata }: KubeObject): string {
  if ((metadata.finalizers ?? []).length > 0) {
    return "start the controller whose finalizer it is; take the finalizer away only when that one is gone for good";
  }
  return kind === "Pod" ? "look whether its node is ready" : "look at what it waits for";
}
