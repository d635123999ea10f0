import { HANDLER_ANNOTATION, OWN_HANDLER } from "#api/kinds/runtime-class";
import type { Pod } from "#api/schema/types";

/** Throws for a pod whose runtime class asks for another runtime: it may want more isolation than ours. */
export function requireOwnHandler(pod: Pod): void {
  if (!pod.spec.runtimeClassName) return;
  const handler = pod.metadata.annotations?.[HANDLER_ANNOTATION] ?? "";
  if (handler === OWN_HANDLER) return;
  throw new Error(
    `failed to get sandbox runtime: no runtime for "${handler}" is configured (runtime class ${pod.spec.runtimeClassName}); this node has "${OWN_HANDLER}"`,
  );
}
