import { coversPath, coversResource, hasOrAll, type Rule } from "#api/rbac/policy-rules";

/**
 * Whether someone who holds some rules may hand out others. A rule is taken apart into single rights (one verb, one
 * resource or path, one name), each of which one rule of the owner must cover whole.
 */
interface Right extends Rule {
  readonly verbs: readonly [string];
}

/** The rights in `granted` that no rule of `held` covers; [] when all may be granted. */
export function missingRights(held: readonly Rule[], granted: readonly Rule[]): Rule[] {
  return granted.flatMap(rightsOf).filter((right) => !held.some((rule) => covers(rule, right)));
}

/** How many single rights some rules come to, without taking them apart. */
export function rightsIn(rules: readonly Rule[]): number {
  const counts = rules.map((rule) => {
    const {
      verbs,
      apiGroups = [],
      resources = [],
      resourceNames = [],
      nonResourceURLs = [],
    } = rule;
    const names = Math.max(resourceNames.length, 1);
    return verbs.length * (nonResourceURLs.length + apiGroups.length * resources.length * names);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Rights of the same resource in one rule, as they are shown to people: `{APIGroups:[""], ...}`, sorted. */
export function describeRights(rights: readonly Rule[]): string[] {
  const merged = new Map<string, { rule: Rule; verbs: string[] }>();
  for (const rule of rights) {
    const of = JSON.stringify(rule.nonResourceURLs ? rule : { ...rule, verbs: [] });
    const known = merged.get(of) ?? { rule, verbs: [] };
    merged.set(of, known);
    for (const verb of rule.verbs) if (!known.verbs.includes(verb)) known.verbs.push(verb);
  }
  const texts = [...merged.values()].map(({ rule, verbs }) => textOf({ ...rule, verbs }));
  return [...new Set(texts)].sort();
}

function rightsOf(rule: Rule): Right[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const rights: Right[] = [];
  for (const verb of verbs) {
    for (const url of nonResourceURLs) rights.push({ nonResourceURLs: [url], verbs: [verb] });
  }
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const right: Right = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) rights.push(right);
        for (const name of resourceNames) rights.push({ ...right, resourceNames: [name] });
      }
    }
  }
  return rights;
}

function covers(rule: Rule, right: Right): boolean {
  if (!hasOrAll(rule.verbs, right.verbs[0])) return false;
  if (right.nonResourceURLs) {
    const [wanted = ""] = right.nonResourceURLs;
    return (rule.nonResourceURLs ?? []).some((url) => coversPath(url, wanted));
  }
  const [group = ""] = right.apiGroups ?? [];
  const [resource = ""] = right.resources ?? [];
  const [name] = right.resourceNames ?? [];
  const { resourceNames = [] } = rule;
  return (
    hasOrAll(rule.apiGroups ?? [], group) &&
    coversResource(rule.resources ?? [], resource) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  );
}

function textOf(rule: Rule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const shown = parts.flatMap(([name, values]) =>
    values?.length ? [`${name}:${quotedList(values)}`] : [],
  );
  return `{${shown.join(", ")}}`;
}

/** ["a" "b"], as Kubernetes prints lists. */
export function quotedList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
