import type { Taint, Toleration } from "#api/schema/types";

/** Whether one of the tolerations covers the taint. Source: Kubernetes, "Taints and Tolerations". */
export function toleratesTaint(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some((toleration) => {
    if (toleration.effect && toleration.effect !== taint.effect) return false;
    if (toleration.key && toleration.key !== taint.key) return false;
    if (toleration.operator === "Exists") return true;
    // Without a key only Exists matches everything; Equal (the default) compares values.
    return Boolean(toleration.key) && (toleration.value ?? "") === (taint.value ?? "");
  });
}
