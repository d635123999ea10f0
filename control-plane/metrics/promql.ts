import { errors } from "#api/machinery/status-error";
import type { Requirement } from "#api/machinery/label-requirement";

/**
 * PromQL from a template and matchers. Invariant: no name or value that comes from a request is ever more than the
 * text of one matcher: values are escaped, and names that are not label names are refused.
 */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** Source: Prometheus, "Data model". */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
export const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export function isLabelName(text: string): boolean {
  return LABEL_NAME.test(text);
}

export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers
    .map(({ label, operator, value }) => {
      if (!isLabelName(label)) {
        throw errors.badRequest(
          `${JSON.stringify(label)} is not a label of Prometheus: metrics are selected by names such as status_code`,
        );
      }
      return `${label}${operator}"${escaped(value)}"`;
    })
    .join(",");
}

/** Inside double quotes. Source: Prometheus, "String literals". */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
}

/** One of these texts, literally: Prometheus' regular expressions (RE2) are anchored already. */
export function anyOf(label: string, values: readonly string[]): Matcher {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return { label, operator: "=", value: only };
  return { label, operator: "=~", value: values.map(escapedRegex).join("|") };
}

function escapedRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/** A label selector of Kubernetes on the labels of a metric. */
export function matcherOf({ key, operator, values }: Requirement): Matcher {
  switch (operator) {
    case "=":
    case "==":
    case "in":
      return anyOf(key, values);
    case "!=":
    case "notin":
      return { ...anyOf(key, values), operator: values.length === 1 ? "!=" : "!~" };
    case "exists":
      return { label: key, operator: "=~", value: ".+" };
    case "!":
      return { label: key, operator: "=", value: "" };
    default:
      throw errors.badRequest(
        `the operator ${operator} cannot select metrics: use =, !=, in, notin`,
      );
  }
}

export interface QueryParts {
  readonly series: string;
  readonly matchers: readonly Matcher[];
  readonly groupBy: readonly string[];
}

/** Caller must: have checked the template by `templateProblem`, the series and groupBy by the patterns above. */
export function renderQuery(template: string, { series, matchers, groupBy }: QueryParts): string {
  const parts: Readonly<Record<string, string>> = {
    Series: series,
    LabelMatchers: formatMatchers(matchers),
    GroupBy: groupBy.join(","),
  };
  // In one pass: what is put in is not looked at again.
  return template.replace(/<<\s*\.(\w+)\s*>>/g, (all, name: string) => parts[name] ?? all);
}

export function templateProblem(template: string): string | undefined {
  const names = [...template.matchAll(/<<(.*?)>>/g)].map(([all, inner = ""]) => ({ all, inner }));
  const odd = names.find(({ inner }) => !/^\s*\.(Series|LabelMatchers|GroupBy)\s*$/.test(inner));
  if (odd) return `${odd.all} is not known: use <<.Series>>, <<.LabelMatchers>> and <<.GroupBy>>`;
  if (names.some(({ inner }) => inner.includes("LabelMatchers"))) return undefined;
  // Without them every object of every namespace would get everybody's figures.
  return "it lacks <<.LabelMatchers>>, which says whose figures are asked for";
}
