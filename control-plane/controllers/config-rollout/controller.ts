import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { configReferences } from "#api/kinds/deployment-config";
import { CONFIG_SEEN, rollsOutOnConfigChange } from "#api/kinds/deployment-strategy";
import { replicaSetKind } from "#api/kinds/replica-set";
import { secretKind } from "#api/kinds/secret";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { ConfigMap, Deployment, ReplicaSet, Secret } from "#api/schema/types";
import { type Config, planConfigRollout } from "#control-plane/controllers/config-rollout/plan";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { ownerKeys } from "#control-plane/controllers/ownership";

/** Makes a changed ConfigMap or Secret a new version of the Deployments that ask for it. */
export interface ConfigRolloutInput {
  readonly deployment: Deployment;
  /** What its template refers to, as it is now; undefined: not there. */
  readonly configs: readonly Config[];
  /** Copies that were made for it. */
  readonly copies: readonly (ConfigMap | Secret)[];
  readonly replicaSets: readonly ReplicaSet[];
}

export const configRolloutController = defineController<Deployment, ConfigRolloutInput>({
  name: "config-rollout",
  reconciles: deploymentKind,
  watches: [
    { kind: configMapKind, keysOf: readersOf },
    { kind: secretKind, keysOf: readersOf },
    { kind: replicaSetKind, keysOf: (set, caches) => ownerKeys(set, deploymentKind, caches) },
  ],
  observe(caches, key) {
    const deployment = caches.get(deploymentKind, key);
    if (!deployment || !isConcerned(deployment)) return undefined;
    const { namespace = "", uid = "" } = deployment.metadata;
    const configs = configReferences(deployment.spec.template.spec).map((reference): Config => {
      const name = `${namespace}/${reference.name}`;
      const object =
        reference.kind === "ConfigMap"
          ? caches.get(configMapKind, name)
          : caches.get(secretKind, name);
      return { reference, object };
    });
    const copies = [
      ...caches.referringTo(configMapKind, uid),
      ...caches.referringTo(secretKind, uid),
    ];
    return { deployment, configs, copies, replicaSets: caches.ownedBy(replicaSetKind, uid) };
  },
  plan: planConfigRollout,
});

/** Those that ask for it, and those that did: what was made for them is taken back. */
function isConcerned(deployment: Deployment): boolean {
  return (
    rollsOutOnConfigChange(deployment) ||
    deployment.metadata.annotations?.[CONFIG_SEEN] !== undefined
  );
}

function readersOf({ kind, metadata }: KubeObject, caches: Caches): readonly string[] {
  return caches
    .inNamespace(deploymentKind, metadata.namespace ?? "")
    .filter(isConcerned)
    .filter(({ spec }) =>
      configReferences(spec.template.spec).some(
        (reference) => reference.kind === kind && reference.name === metadata.name,
      ),
    )
    .map(keyOf);
}
