import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import { parseLabelSelector, type Selector } from "#api/machinery/labels";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import type { HorizontalPodAutoscaler, ObjectMeta } from "#api/schema/types";
import type { Caches } from "#control-plane/controllers/controller";

/** What an autoscaler scales, as its scale subresource shows it. */
export type Target = FoundTarget | { readonly type: "missing"; readonly problem: string };

export interface FoundTarget {
  readonly type: "found";
  readonly kind: Kind;
  readonly object: KubeObject;
  /** As wanted, not as counted. */
  readonly replicas: number;
  readonly selectorText: string;
  readonly selector: Selector;
}

export const scalableKinds: readonly Kind[] = kinds.filter(({ scale }) => scale);

interface Scaling {
  readonly metadata: ObjectMeta;
  readonly spec: Pick<HorizontalPodAutoscaler["spec"], "scaleTargetRef">;
}

/** The version that the reference names does not matter: a group has one kind of that name. */
export function findTarget({ metadata, spec }: Scaling, caches: Caches): Target {
  const { apiVersion = "", kind: kindName, name } = spec.scaleTargetRef;
  const parts = apiVersion.split("/");
  if (parts.length > 2) return missing(`unexpected GroupVersion string: ${apiVersion}`);
  const [group = ""] = parts.length === 2 ? parts : [""];
  const kind = kinds.find((one) => one.kind === kindName && one.group === group);
  if (!kind) return missing(`no matches for kind "${kindName}" in group "${group}"`);
  if (!kind.scale) return missing("the server could not find the requested resource");
  const object = caches.get(kind, `${metadata.namespace}/${name}`);
  if (!object) return missing(errors.notFound(kind, name).message);
  const known = found.get(object);
  if (known) return known;
  const selectorText = kind.scale.getSelector(object);
  const selector = parseLabelSelector(selectorText);
  const replicas = kind.scale.getReplicas(object);
  const target: FoundTarget = { type: "found", kind, object, replicas, selectorText, selector };
  found.set(object, target);
  return target;
}

/** Objects in caches never change, and every autoscaler of a namespace looks at the targets of all others. */
const found = new WeakMap<KubeObject, FoundTarget>();

function missing(problem: string): Target {
  return { type: "missing", problem };
}
