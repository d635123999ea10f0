import type { Kind } from "#api/machinery/define-kind";
import { CommandError } from "#cli/define-command";
import { findKind } from "#cli/kind-names";
import {
  annotations,
  keyOfReference,
  type ReleaseObject,
  spoken,
} from "#cli/release/release-object";

/** In which order the objects of a release are applied, and what each waits for. Pure. */
export interface Step {
  readonly item: ReleaseObject;
  /** Must be ready or complete before; in the release, or in the cluster already. */
  readonly waitsFor: readonly Dependency[];
}

export interface Dependency {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace?: string;
  readonly isInRelease: boolean;
}

/** What others need to be there comes first; within a rank the order of the files stays. */
const ranks: readonly (readonly string[])[] = [
  ["Namespace"],
  ["PriorityClass", "RuntimeClass", "StorageClass", "IngressClass", "TenantPlan"],
  ["ServiceAccount", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"],
  ["ResourceQuota", "LimitRange"],
  ["ConfigMap", "Secret", "PersistentVolume", "PersistentVolumeClaim"],
  ["Service", "NetworkPolicy", "PodDisruptionBudget"],
];
const LAST_KINDS = ["Ingress", "HorizontalPodAutoscaler", "RequestAutoscaler"];

function rankOf({ kind }: Kind): number {
  if (LAST_KINDS.includes(kind)) return ranks.length + 1;
  const found = ranks.findIndex((names) => names.includes(kind));
  return found === -1 ? ranks.length : found;
}

/** Throws CommandError for a dependency that cannot be read, and for a circle of them. */
export function inStartOrder(items: readonly ReleaseObject[], kinds: readonly Kind[]): Step[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const steps = items
    .map((item): Step => ({ item, waitsFor: dependenciesOf(item, kinds, byKey) }))
    .map((step, at) => ({ step, at }))
    .sort((a, b) => rankOf(a.step.item.kind) - rankOf(b.step.item.kind) || a.at - b.at)
    .map(({ step }) => step);
  const ordered: Step[] = [];
  const placed = new Set<string>();
  while (ordered.length < steps.length) {
    const next = steps.find(
      (step) => !placed.has(keyOf(step.item)) && missingOf(step, placed).length === 0,
    );
    if (!next) throw circle(steps.filter(({ item }) => !placed.has(keyOf(item))));
    placed.add(keyOf(next.item));
    ordered.push(next);
  }
  return ordered;
}

function missingOf({ waitsFor }: Step, placed: ReadonlySet<string>): Dependency[] {
  return waitsFor.filter((one) => one.isInRelease && !placed.has(keyOfDependency(one)));
}

function dependenciesOf(
  item: ReleaseObject,
  kinds: readonly Kind[],
  byKey: ReadonlyMap<string, ReleaseObject>,
): Dependency[] {
  const text = item.object.metadata.annotations?.[annotations.dependsOn] ?? "";
  const names = text.split(",").map((one) => one.trim());
  return names.filter(Boolean).map((one) => {
    const [kindName = "", name = "", ...more] = one.split("/");
    if (!kindName || !name || more.length > 0) {
      throw new CommandError(
        `${annotations.dependsOn} of ${spoken(item)} has "${one}": write KIND/NAME, such as Deployment/db, with commas between several`,
      );
    }
    const kind = kindNamed(kinds, kindName, item);
    const { namespace } = item.object.metadata;
    const place = kind.isNamespaced && namespace !== undefined ? { namespace } : {};
    const dependency = { kind, name, ...place };
    return { ...dependency, isInRelease: byKey.has(keyOfDependency(dependency)) };
  });
}

function kindNamed(kinds: readonly Kind[], name: string, item: ReleaseObject): Kind {
  try {
    return findKind(kinds, name);
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new CommandError(`${annotations.dependsOn} of ${spoken(item)}: ${problem}`);
  }
}

function circle(left: readonly Step[]): CommandError {
  const byKey = new Map(left.map((step) => [keyOf(step.item), step]));
  const path: Step[] = [];
  let at = left[0];
  while (at && !path.includes(at)) {
    path.push(at);
    const next = at.waitsFor.find((one) => byKey.has(keyOfDependency(one)));
    at = next && byKey.get(keyOfDependency(next));
  }
  const round = at ? [...path.slice(path.indexOf(at)), at] : path;
  const names = round.map(({ item }) => spoken(item)).join(" -> ");
  return new CommandError(
    `${annotations.dependsOn} goes in a circle: ${names}; take one of them away`,
  );
}

function keyOf({ kind, object }: ReleaseObject): string {
  const { namespace, name } = object.metadata;
  return keyOfDependency({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
}

export function keyOfDependency({
  kind,
  name,
  namespace,
}: Pick<Dependency, "kind" | "name" | "namespace">): string {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const place = namespace === undefined ? {} : { namespace };
  return keyOfReference({ apiVersion, kind: kind.kind, name, ...place });
}
