import { array, assert, constantFrom, property, record, subarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { allows, type Attributes, type Rule } from "#api/rbac/policy-rules";

const on = (verb: string, path: string, group = "", name?: string): Attributes => {
  const [resource = "", subresource] = path.split("/");
  return { verb, group, resource, subresource, name };
};
const rule = (verbs: string[], resources: string[], more: Partial<Rule> = {}): Rule => ({
  verbs,
  apiGroups: [""],
  resources,
  ...more,
});

describe("a rule of resources", () => {
  test.each<[string, Rule, Attributes, boolean]>([
    ["its verb and resource", rule(["get"], ["pods"]), on("get", "pods"), true],
    ["no other verb", rule(["get"], ["pods"]), on("list", "pods"), false],
    ["no other resource", rule(["get"], ["pods"]), on("get", "secrets"), false],
    ["no other group", rule(["get"], ["pods"]), on("get", "pods", "apps"), false],
    ["every verb", rule(["*"], ["pods"]), on("escalate", "pods"), true],
    ["every group", rule(["get"], ["pods"], { apiGroups: ["*"] }), on("get", "pods", "apps"), true],
    ["no subresource of its own accord", rule(["get"], ["pods"]), on("get", "pods/log"), false],
    ["a subresource by name", rule(["get"], ["pods/log"]), on("get", "pods/log"), true],
    ["not what the subresource is of", rule(["get"], ["pods/log"]), on("get", "pods"), false],
    ["subresources by one star", rule(["get"], ["*"]), on("get", "pods/log"), true],
    ["one subresource of all", rule(["get"], ["*/scale"]), on("get", "deployments/scale"), true],
    ["and no other subresource", rule(["get"], ["*/scale"]), on("get", "pods/log"), false],
    ["nor the resource itself", rule(["get"], ["*/scale"]), on("get", "scale"), false],
    ["no star behind the slash", rule(["get"], ["pods/*"]), on("get", "pods/log"), false],
    ["no paths", rule(["*"], ["*"], { apiGroups: ["*"] }), { verb: "get", path: "/" }, false],
  ])("allows %s", (_, given, wanted, expected) => {
    expect(allows(given, wanted)).toBe(expected);
  });

  test("with names allows these alone, and nothing that has no name yet", () => {
    const named = rule(["get", "create", "list"], ["secrets"], { resourceNames: ["a"] });
    expect(allows(named, on("get", "secrets", "", "a"))).toBe(true);
    expect(allows(named, on("get", "secrets", "", "b"))).toBe(false);
    expect(allows(named, on("list", "secrets"))).toBe(false);
    expect(allows({ ...named, resourceNames: [] }, on("list", "secrets"))).toBe(true);
  });
});

test.each<[string, string, boolean]>([
  ["/healthz", "/healthz", true],
  ["/healthz", "/healthz/ping", false],
  ["/healthz*", "/healthz/ping", true],
  ["/apis/*", "/apis/apps/v1", true],
  ["/apis/*", "/apis", false],
  ["*", "/metrics", true],
  ["/*/v1", "/api/v1", false],
])("a rule of %s allows %s: %s", (url, path, expected) => {
  expect(allows({ verbs: ["get"], nonResourceURLs: [url] }, { verb: "get", path })).toBe(expected);
});

const words = ["*", "get", "pods", "pods/log", "*/log", "apps", "", "web"];
const some = subarray(words);
const anyRule = record({ verbs: some, apiGroups: some, resources: some, resourceNames: some });
const wanted = record({
  verb: constantFrom("get", "list"),
  group: constantFrom("", "apps"),
  resource: constantFrom("pods", "web"),
  subresource: constantFrom(undefined, "log"),
  name: constantFrom(undefined, "web"),
});

test("a rule more never takes a right away", () => {
  assert(
    property(array(anyRule), anyRule, wanted, (rules, more, attributes) => {
      const before = rules.some((one) => allows(one, attributes));
      const after = [...rules, more].some((one) => allows(one, attributes));
      return !before || after;
    }),
  );
});
