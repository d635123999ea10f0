import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { formatMatchers, renderQuery } from "#control-plane/metrics/promql";
import { parseMetricRules } from "#control-plane/metrics/rules";

const kindNamed = (name: string) => kinds.find(({ kind }) => kind === name) ?? kinds[0];

function labelsBy(resources: object): (string | undefined)[] {
  const [rule] = parseMetricRules({ rules: [{ seriesQuery: "up", resources }] }).custom;
  return ["Pod", "Deployment", "Namespace"].map((name) => {
    const kind = kindNamed(name);
    return kind && rule?.labelOf(kind);
  });
}

describe("a rule", () => {
  test.each<[object, (string | undefined)[]]>([
    [
      { overrides: { ns: { resource: "namespace" }, po: { resource: "pods" } } },
      ["po", undefined, "ns"],
    ],
    [
      { template: "kube_<<.Group>>_<<.Resource>>", overrides: { pod: { resource: "pod" } } },
      ["pod", "kube_apps_deployment", "kube__namespace"],
    ],
    [{}, [undefined, undefined, undefined]],
  ])("knows the labels of objects: %j", (resources, labels) => {
    expect(labelsBy(resources)).toEqual(labels);
  });

  test.each<[object | undefined, string]>([
    [undefined, "http_requests_total"],
    [{ matches: "^(.*)_total$" }, "http_requests"],
    [{ matches: "^(.*)_total$", as: "${1}_per_second" }, "http_requests_per_second"],
    [{ matches: "^http_(?<what>.*)_total$", as: "${what}" }, "requests"],
    [{ matches: "^never$", as: "other" }, "http_requests_total"],
  ])("makes the name of a metric: %j", (name, expected) => {
    const [rule] = parseMetricRules({
      rules: [{ seriesQuery: "up", ...(name ? { name } : {}) }],
    }).custom;
    expect(rule?.nameOf("http_requests_total")).toBe(expected);
  });

  test.each<[unknown, string]>([
    [[], "the file is not a mapping of names to values"],
    [{}, "the file has neither rules nor externalRules: without them no metric is served"],
    [{ rules: {} }, "rules is not a list"],
    [
      { rule: [] },
      'the file has the field "rule", which is not known: use rules, externalRules, resourceRules',
    ],
    [{ rules: [{}] }, "rules[0].seriesQuery is missing"],
    [
      { rules: [{ seriesQuery: "up", query: "x" }] },
      'rules[0] has the field "query", which is not known: use seriesQuery, seriesFilters, resources, name, metricsQuery',
    ],
    [
      { rules: [{ seriesQuery: "up", metricsQuery: "sum(<<.Series>>)" }] },
      "rules[0].metricsQuery: it lacks <<.LabelMatchers>>, which says whose figures are asked for",
    ],
    [
      { externalRules: [{ seriesQuery: "up", metricsQuery: "<<.Serie>>{<<.LabelMatchers>>}" }] },
      "externalRules[0].metricsQuery: <<.Serie>> is not known: use <<.Series>>, <<.LabelMatchers>> and <<.GroupBy>>",
    ],
    [
      { rules: [{ seriesQuery: "up", seriesFilters: [{ is: "(" }] }] },
      "rules[0].seriesFilters[0].is: Invalid regular expression: /(/: Unterminated group",
    ],
    [
      { rules: [{ seriesQuery: "up", resources: { overrides: { pod: { resource: "gizmo" } } } }] },
      'rules[0].resources.overrides.pod: there is no resource "gizmo" in the group "": write, for example, {group: "apps", resource: "deployment"}',
    ],
    [
      { rules: [{ seriesQuery: "up", resources: { overrides: { "a-b": { resource: "pod" } } } }] },
      "rules[0].resources.overrides.a-b is not the name of a label of Prometheus",
    ],
    [
      { rules: [{ seriesQuery: "up", resources: { template: "kube" } }] },
      "rules[0].resources.template lacks <<.Resource>>, which stands for the kind of object",
    ],
  ])("that cannot be understood is refused with the place: %j", (file, sentence) => {
    expect(() => parseMetricRules(file)).toThrow(new Error(sentence));
  });
});

test("a query is its template with each part put in once", () => {
  const matchers = [{ label: "pod", operator: "=", value: "<<.Series>> $& $1" } as const];
  expect(
    renderQuery("sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)", {
      ...{ series: "hits_total", matchers, groupBy: ["pod", "node"] },
    }),
  ).toBe('sum(rate(hits_total{pod="<<.Series>> $& $1"}[2m])) by (pod,node)');
});

test("a label that is none of Prometheus' is refused", () => {
  const matchers = [{ label: 'pod="x"} or up{a', operator: "=", value: "b" } as const];
  expect(() => formatMatchers(matchers)).toThrow("is not a label of Prometheus");
});
