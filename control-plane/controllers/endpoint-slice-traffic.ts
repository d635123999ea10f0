import { deploymentKind } from "#api/kinds/deployment";
import { parseTraffic, TRAFFIC } from "#api/kinds/deployment-strategy";
import { replicaSetKind } from "#api/kinds/replica-set";
import { controllerOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import type { Caches } from "#control-plane/controllers/controller";

/** How the Deployments behind a Service share its requests out, as its slices say it. */
export interface SharedTraffic {
  /** For the slices' annotation, one word for each Deployment that has several versions; "" for none. */
  readonly annotation: string;
  /** Names of pods whose version gets no requests (or copies alone): in the slices they are not ready. */
  readonly unserved: ReadonlySet<string>;
}

export const unsharedTraffic: SharedTraffic = { annotation: "", unserved: new Set() };

export function sharedTraffic(pods: readonly Pod[], caches: Caches): SharedTraffic {
  const texts = new Set<string>();
  const unserved = new Set<string>();
  for (const pod of pods) {
    const { version, text } = trafficOf(pod, caches);
    const shares = parseTraffic(text);
    if (!shares || text === undefined) continue;
    if ((shares.get(version)?.weight ?? 0) === 0) unserved.add(pod.metadata.name);
    if (shares.size > 1) texts.add(text);
  }
  if (unserved.size === 0 && texts.size === 0) return unsharedTraffic;
  return { annotation: [...texts].sort().join(" "), unserved };
}

function trafficOf(pod: Pod, caches: Caches): { version: string; text: string | undefined } {
  const { namespace = "" } = pod.metadata;
  const owner = controllerOf(pod);
  const version = owner?.kind === replicaSetKind.kind ? owner.name : "";
  const set = version ? caches.get(replicaSetKind, `${namespace}/${version}`) : undefined;
  const deployment = set && controllerOf(set);
  const found = deployment && caches.get(deploymentKind, `${namespace}/${deployment.name}`);
  const isSame = found?.metadata.uid === deployment?.uid;
  return { version, text: isSame ? found?.metadata.annotations?.[TRAFFIC] : undefined };
}
