import { applyJsonPatch } from "#api/machinery/json-patch";
import { applyMergePatch } from "#api/machinery/merge-patch";
import { errors } from "#api/machinery/status-error";
import { strategicMergePatch } from "#api/machinery/strategic-merge";

export type PatchType = "json" | "merge" | "strategic";

/** By media type; server-side apply ("application/apply-patch+yaml") is apply.ts. */
export const patchTypes: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

/** The patched object; `object` stays as it is. Throws StatusError for a patch that does not apply. */
export function applyPatch<T extends object>(
  type: PatchType,
  schemaName: string,
  object: T,
  patch: unknown,
): T {
  if (type === "json") return applyJsonPatch(object, patch);
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    throw errors.badRequest("error decoding patch: a merge patch must be a JSON object");
  }
  if (type === "merge") return applyMergePatch(object, patch) as T;
  return strategicMergePatch(schemaName, object, patch);
}
