import type { Pod, Toleration } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";

const SECONDS = 300;
const KEYS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A pod stays five minutes on a node that is lost, unless it says otherwise. */
export const defaultTolerations: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  mutate({ kind, object, subresource }) {
    if (subresource !== undefined || !isKind(kind, "", "pods")) return;
    const { spec } = object as Pod;
    if (!spec) return;
    const tolerations = [...(spec.tolerations ?? [])];
    for (const key of KEYS) {
      if (tolerations.some((toleration) => tolerates(toleration, key))) continue;
      tolerations.push({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: SECONDS,
      });
    }
    spec.tolerations = tolerations;
  },
};

function tolerates(toleration: Toleration, key: string): boolean {
  const isKey = toleration.key === key || !toleration.key;
  return isKey && (toleration.effect === "NoExecute" || !toleration.effect);
}
