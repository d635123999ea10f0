import type { Pod, Toleration } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";

/** How long pods stay that do not say it themselves. */
export interface TolerationSeconds {
  readonly notReady: number;
  readonly unreachable: number;
}

/** A lost node has been silent for the whole grace period already: see docs/decisions/0018. */
export const DEFAULT_TOLERATION_SECONDS: TolerationSeconds = { notReady: 300, unreachable: 0 };

/** Every pod says how long it stays on a node that is not ready or lost. */
export const defaultTolerations: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  mutate({ kind, object, subresource }, { tolerationSeconds }) {
    if (subresource !== undefined || !isKind(kind, "", "pods")) return;
    const { spec } = object as Pod;
    if (!spec) return;
    const tolerations = [...(spec.tolerations ?? [])];
    const secondsOf = [
      ["node.kubernetes.io/not-ready", tolerationSeconds.notReady],
      ["node.kubernetes.io/unreachable", tolerationSeconds.unreachable],
    ] as const;
    for (const [key, seconds] of secondsOf) {
      if (tolerations.some((toleration) => tolerates(toleration, key))) continue;
      tolerations.push({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: seconds,
      });
    }
    spec.tolerations = tolerations;
  },
};

function tolerates(toleration: Toleration, key: string): boolean {
  const isKey = toleration.key === key || !toleration.key;
  return isKey && (toleration.effect === "NoExecute" || !toleration.effect);
}
