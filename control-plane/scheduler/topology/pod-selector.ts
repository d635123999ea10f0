import {
  everything,
  formatSelector,
  nothing,
  type Selector,
  selectorFromLabelSelector,
} from "#api/machinery/labels";
import type { LabelSelector } from "#api/schema/types";
import type { PodClass } from "#control-plane/scheduler/topology/pod-class";

type Labels = Readonly<Record<string, string>>;
/** The labels of a namespace by its name; undefined: none known. */
export type NamespaceLabels = (name: string) => Labels | undefined;

/** Which pods are meant: by namespace and by label. Equal selectors have equal keys. */
export interface PodSelector {
  readonly key: string;
  /** The only namespace it can select in; undefined: several. */
  readonly namespace: string | undefined;
  /** Whether the answer hangs on labels of namespaces, which may change. */
  readonly readsNamespaces: boolean;
  selects(podClass: PodClass, namespaceLabels: NamespaceLabels): boolean;
}

export interface PodSelection {
  readonly namespaces: readonly string[];
  /** Adds the namespaces with these labels; undefined: none. */
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly labelSelector: Selector;
}

export function podSelector(selection: PodSelection): PodSelector {
  const { labelSelector, namespaceSelector } = selection;
  const names = [...new Set(selection.namespaces)].sort();
  const byLabel = namespaceSelector && selectorFromLabelSelector(namespaceSelector);
  const byName = new Set(names);
  return {
    key: `${names.join("+")}|${byLabel ? `{${textOf(byLabel)}}` : ""}|${textOf(labelSelector)}`,
    namespace: names.length === 1 && !byLabel ? names[0] : undefined,
    readsNamespaces: byLabel !== undefined && byLabel.requirements.length > 0,
    selects({ namespace, labels }, namespaceLabels) {
      const isThere =
        byName.has(namespace) || (byLabel?.matches(namespaceLabels(namespace)) ?? false);
      return isThere && labelSelector.matches(labels);
    },
  };
}

/** Pods that all of the selectors select. */
export function allOf(selectors: readonly PodSelector[]): PodSelector {
  const [first] = selectors;
  if (first && selectors.length === 1) return first;
  return {
    key: selectors.map(({ key }) => key).join("&"),
    namespace: selectors.find(({ namespace }) => namespace !== undefined)?.namespace,
    readsNamespaces: selectors.some(({ readsNamespaces }) => readsNamespaces),
    selects: (podClass, namespaceLabels) =>
      selectors.every((one) => one.selects(podClass, namespaceLabels)),
  };
}

/** A label selector with the pod's own values of `keys` required (`matchLabelKeys`) or refused (`mismatchLabelKeys`). */
export function withPodLabels(
  labelSelector: LabelSelector | undefined,
  labels: Labels,
  keys: { readonly match?: readonly string[]; readonly mismatch?: readonly string[] },
): Selector {
  // A selector that is absent selects nothing, whatever the keys say.
  if (!labelSelector) return nothing;
  const own = (names: readonly string[] | undefined, operator: "In" | "NotIn") =>
    (names ?? [])
      .filter((key) => labels[key] !== undefined)
      .map((key) => ({ key, operator, values: [labels[key] ?? ""] }));
  const added = [...own(keys.match, "In"), ...own(keys.mismatch, "NotIn")];
  if (added.length === 0) return selectorFromLabelSelector(labelSelector);
  return selectorFromLabelSelector({
    ...labelSelector,
    matchExpressions: [...(labelSelector.matchExpressions ?? []), ...added],
  });
}

function textOf(selector: Selector): string {
  if (selector === everything || (selector.canMatch && selector.requirements.length === 0))
    return "*";
  return selector.canMatch ? formatSelector(selector) : "!";
}
