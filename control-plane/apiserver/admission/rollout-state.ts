import { deploymentKind } from "#api/kinds/deployment";
import {
  CONFIG_HASH,
  CONFIG_SEEN,
  rollsOutOnConfigChange,
  ROLLOUT_STATE,
  strategyOf,
  TRAFFIC,
} from "#api/kinds/deployment-strategy";
import type { Deployment } from "#api/schema/types";
import type { AdmissionPlugin } from "#control-plane/apiserver/admission/admission";

/**
 * `kubectl rollout undo` and `kubectl replace` write all annotations anew, from an old ReplicaSet or a file. Who
 * gets the traffic of a roll-out under way is not theirs to forget: an update that leaves it out keeps it.
 */
export const rolloutState: AdmissionPlugin = {
  name: "RolloutState",
  mutate({ kind, object, previous, subresource }) {
    if (kind.kind !== deploymentKind.kind || kind.group !== deploymentKind.group) return;
    if (!previous || subresource !== undefined) return;
    const next = object as Deployment;
    for (const name of keptBy(next)) {
      const value = previous.metadata.annotations?.[name];
      if (value === undefined || next.metadata.annotations?.[name] !== undefined) continue;
      next.metadata.annotations = { ...next.metadata.annotations, [name]: value };
    }
  },
};

/** Without a strategy, or with a plain rolling update, there is nothing to share out. */
function keptBy(next: Deployment): readonly string[] {
  const type = strategyOf(next)?.type;
  const state = type === undefined ? [] : [ROLLOUT_STATE];
  // Seen is what the template's hash is compared with: without one its controller begins anew.
  const hash = next.spec?.template?.metadata?.annotations?.[CONFIG_HASH];
  const config = rollsOutOnConfigChange(next) && hash !== undefined ? [CONFIG_SEEN] : [];
  return [...state, ...config, ...(type && type !== "rolling" ? [TRAFFIC] : [])];
}
