import { createHash } from "node:crypto";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { type ConfigReference, copyName } from "#api/kinds/deployment-config";
import { CONFIG_HASH, CONFIG_SEEN, rollsOutOnConfigChange } from "#api/kinds/deployment-strategy";
import { secretKind } from "#api/kinds/secret";
import type { ConfigMap, Deployment, OwnerReference, Secret } from "#api/schema/types";
import type { ConfigRolloutInput } from "#control-plane/controllers/config-rollout/controller";
import { type Action, targetOf } from "#control-plane/controllers/controller";

/** One look: copies of the present configuration first, then the template that means them, then what nobody reads goes. */
export interface Config {
  readonly reference: ConfigReference;
  readonly object: ConfigMap | Secret | undefined;
}

const HASH_LENGTH = 10;
/** A copy of such a Secret would be filled or refused by those who own the type. */
const TOKEN_TYPE = "kubernetes.io/service-account-token";

export function planConfigRollout(input: ConfigRolloutInput): Action[] {
  const { deployment, configs } = input;
  if (deployment.metadata.deletionTimestamp) return [];
  const seen = deployment.metadata.annotations?.[CONFIG_SEEN];
  if (!rollsOutOnConfigChange(deployment) || configs.length === 0) {
    return seen === undefined ? planCleaning(input) : [point(deployment, null)];
  }
  // What must be there and is not: the present version goes on with what it has.
  const isWhole = configs.every(({ reference, object }) => object || reference.isOptional);
  if (!isWhole) return planCleaning(input);
  const hash = hashOf(deployment, configs);
  const present = hashIn(deployment.spec.template.metadata?.annotations);
  // A template that went back to a former configuration stays there until the configuration changes again.
  if (present !== undefined && seen === hash) return planCleaning(input);
  return [...planCopies(input, hash), point(deployment, hash)];
}

function hashIn(annotations: Record<string, string> | undefined): string | undefined {
  return annotations?.[CONFIG_HASH];
}

/** Of this Deployment alone: two of them have copies of their own. */
function hashOf(deployment: Deployment, configs: readonly Config[]): string {
  const parts = configs.map(({ reference: { kind, name }, object }) => [
    kind,
    name,
    object && contentOf(object),
  ]);
  const text = JSON.stringify([deployment.metadata.uid, parts]);
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}

function contentOf(object: ConfigMap | Secret): unknown {
  const sorted = (map: Record<string, string> = {}): unknown => Object.entries(map).sort();
  return [sorted(object.data), sorted("binaryData" in object ? object.binaryData : {})];
}

function planCopies({ deployment, configs, copies }: ConfigRolloutInput, hash: string): Action[] {
  return configs.flatMap(({ reference, object }): Action[] => {
    const name = copyName(reference.name, hash);
    const isThere = copies.some(
      (copy) => copy.kind === reference.kind && copy.metadata.name === name,
    );
    if (!object || isThere) return [];
    const kind = reference.kind === "ConfigMap" ? configMapKind : secretKind;
    return [{ type: "create", kind, object: copyOf(deployment, object, name, hash) }];
  });
}

function copyOf(
  deployment: Deployment,
  original: ConfigMap | Secret,
  name: string,
  hash: string,
): ConfigMap | Secret {
  const { namespace, name: owner, uid = "" } = deployment.metadata;
  const reference: OwnerReference = { apiVersion: "apps/v1", kind: "Deployment", name: owner, uid };
  const metadata = {
    name,
    namespace,
    labels: { [CONFIG_HASH]: hash },
    annotations: { "kaji.dev/copy-of": original.metadata.name },
    ownerReferences: [reference],
  };
  const { metadata: _, ...content } = original;
  const copy = { ...content, metadata, immutable: true } as ConfigMap | Secret;
  return "type" in copy && copy.type === TOKEN_TYPE ? { ...copy, type: "Opaque" } : copy;
}

/** The template and what was seen change in one write: a rollback of the one is not mistaken for news. */
function point(deployment: Deployment, hash: string | null): Action {
  const annotations = { [CONFIG_HASH]: hash };
  return {
    type: "patch",
    kind: deploymentKind,
    target: targetOf(deployment),
    body: {
      metadata: { annotations: { [CONFIG_SEEN]: hash } },
      spec: { template: { metadata: { annotations } } },
    },
    ...(hash === null
      ? {}
      : {
          event: {
            about: deployment,
            type: "Normal",
            reason: "ConfigRollout",
            message: `The configuration of the pods is now ${hash}`,
          },
        }),
  };
}

/** Copies that no version reads any more. */
function planCleaning({ deployment, copies, replicaSets }: ConfigRolloutInput): Action[] {
  const inUse = new Set([
    hashIn(deployment.spec.template.metadata?.annotations),
    deployment.metadata.annotations?.[CONFIG_SEEN],
    ...replicaSets.map(({ spec }) => hashIn(spec.template?.metadata?.annotations)),
  ]);
  return copies
    .filter(({ metadata }) => {
      const hash = metadata.labels?.[CONFIG_HASH];
      return hash !== undefined && !inUse.has(hash) && !metadata.deletionTimestamp;
    })
    .map((copy) => ({
      type: "delete",
      kind: copy.kind === "ConfigMap" ? configMapKind : secretKind,
      target: targetOf(copy),
    }));
}
