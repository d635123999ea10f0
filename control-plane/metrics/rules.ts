import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import { isLabelName, templateProblem } from "#control-plane/metrics/promql";

/**
 * Which series of a Prometheus are which metrics of which objects, in the form of prometheus-adapter's configuration
 * (`rules` and `externalRules`). Parsed once, when the server starts.
 */
export interface MetricRules {
  readonly custom: readonly MetricRule[];
  readonly external: readonly MetricRule[];
}

export interface MetricRule {
  /** A PromQL selector that finds the series. */
  readonly seriesQuery: string;
  /** Names of series that count: all of `is` and none of `isNot`. */
  readonly filters: readonly { readonly pattern: RegExp; readonly isWanted: boolean }[];
  /** The name of the metric, of the series' name. */
  nameOf(series: string): string;
  /** The label that names an object of the kind; undefined: these series are not about such objects. */
  labelOf(kind: Kind): string | undefined;
  /** false: an external metric that is the same in every namespace. */
  readonly isNamespaced: boolean;
  readonly metricsQuery: string;
}

/** Throws Error with a sentence that says where in the file the mistake is. */
export function parseMetricRules(file: unknown): MetricRules {
  const root = mapping(file, "the file");
  refuseOthers(root, ["rules", "externalRules", "resourceRules"], "the file");
  const rulesOf = (field: string): MetricRule[] =>
    list(root[field], field).map((rule, at) => parseRule(rule, `${field}[${at}]`));
  if (root.resourceRules !== undefined) {
    throw new Error(
      "resourceRules: cpu and memory come from the nodes, not from Prometheus: take it out",
    );
  }
  const rules = { custom: rulesOf("rules"), external: rulesOf("externalRules") };
  if (rules.custom.length + rules.external.length > 0) return rules;
  throw new Error("the file has neither rules nor externalRules: without them no metric is served");
}

const RULE_FIELDS = ["seriesQuery", "seriesFilters", "resources", "name", "metricsQuery"];

function parseRule(value: unknown, at: string): MetricRule {
  const rule = mapping(value, at);
  refuseOthers(rule, RULE_FIELDS, at);
  const seriesQuery = text(rule.seriesQuery, `${at}.seriesQuery`);
  const metricsQuery =
    rule.metricsQuery === undefined
      ? "sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)"
      : text(rule.metricsQuery, `${at}.metricsQuery`);
  const problem = templateProblem(metricsQuery);
  if (problem !== undefined) throw new Error(`${at}.metricsQuery: ${problem}`);
  const resources = mapping(rule.resources ?? {}, `${at}.resources`);
  refuseOthers(resources, ["overrides", "template", "namespaced"], `${at}.resources`);
  return {
    ...{ seriesQuery, metricsQuery },
    filters: list(rule.seriesFilters, `${at}.seriesFilters`).map((one, index) =>
      parseFilter(one, `${at}.seriesFilters[${index}]`),
    ),
    nameOf: parseName(rule.name, `${at}.name`),
    labelOf: parseResources(resources, `${at}.resources`),
    isNamespaced: resources.namespaced !== false,
  };
}

function parseFilter(value: unknown, at: string): MetricRule["filters"][number] {
  const filter = mapping(value, at);
  refuseOthers(filter, ["is", "isNot"], at);
  const field = filter.is === undefined ? "isNot" : "is";
  return { pattern: regex(filter[field], `${at}.${field}`), isWanted: field === "is" };
}

function parseName(value: unknown, at: string): MetricRule["nameOf"] {
  if (value === undefined) return (series) => series;
  const name = mapping(value, at);
  refuseOthers(name, ["matches", "as"], at);
  const pattern = regex(name.matches ?? ".*", `${at}.matches`);
  const groups = new RegExp(`${pattern.source}|`).exec("")?.length ?? 1;
  const as = name.as === undefined ? (groups > 1 ? "$1" : "$0") : text(name.as, `${at}.as`);
  return (series) => {
    const match = pattern.exec(series);
    if (!match) return series;
    // As Go's regular expressions expand it: $1, ${1}.
    return as.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
      const group = braced ?? plain ?? "";
      return match.groups?.[group] ?? match[Number(group)] ?? "";
    });
  };
}

function parseResources(resources: Record<string, unknown>, at: string): MetricRule["labelOf"] {
  const overrides = Object.entries(mapping(resources.overrides ?? {}, `${at}.overrides`)).map(
    ([label, value]): readonly [Kind, string] => {
      const where = `${at}.overrides.${label}`;
      if (!isLabelName(label)) throw new Error(`${where} is not the name of a label of Prometheus`);
      const override = mapping(value, where);
      refuseOthers(override, ["group", "resource"], where);
      return [findResource(override, where), label];
    },
  );
  const labels = new Map(overrides);
  const template =
    resources.template === undefined ? undefined : text(resources.template, `${at}.template`);
  if (template !== undefined && !/<<\s*\.Resource\s*>>/.test(template)) {
    throw new Error(`${at}.template lacks <<.Resource>>, which stands for the kind of object`);
  }
  return (kind) => labels.get(kind) ?? (template && labelByTemplate(template, kind));
}

function labelByTemplate(template: string, { group, singular }: Kind): string | undefined {
  const label = template
    .replace(/<<\s*\.Resource\s*>>/g, singular)
    .replace(/<<\s*\.Group\s*>>/g, group.replaceAll(".", "_"));
  return isLabelName(label) ? label : undefined;
}

function findResource(override: Record<string, unknown>, at: string): Kind {
  const resource = text(override.resource, `${at}.resource`).toLowerCase();
  const group = override.group === undefined ? "" : text(override.group, `${at}.group`);
  const found = resourceKind(resource, group);
  if (found) return found;
  throw new Error(
    `${at}: there is no resource ${JSON.stringify(resource)} in the group ${JSON.stringify(group)}: write, for example, {group: "apps", resource: "deployment"}`,
  );
}

/** By its plural, singular or kind. */
export function resourceKind(resource: string, group: string): Kind | undefined {
  return kinds.find(
    (kind) =>
      kind.group === group &&
      [kind.plural, kind.singular, kind.kind.toLowerCase()].includes(resource),
  );
}

function mapping(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Error(`${at} is not a mapping of names to values`);
}

function list(value: unknown, at: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value as unknown[];
  throw new Error(`${at} is not a list`);
}

function text(value: unknown, at: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${at} is ${value === undefined ? "missing" : "not a text"}`);
}

function regex(value: unknown, at: string): RegExp {
  const source = text(value, at);
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new Error(`${at}: ${(cause as Error).message}`, { cause });
  }
}

function refuseOthers(value: Record<string, unknown>, known: readonly string[], at: string): void {
  const odd = Object.keys(value).find((name) => !known.includes(name));
  if (odd === undefined) return;
  throw new Error(
    `${at} has the field ${JSON.stringify(odd)}, which is not known: use ${known.join(", ")}`,
  );
}
