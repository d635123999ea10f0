import { array, assert, constantFrom, property, record, subarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { describeRights, missingRights, rightsIn } from "#api/rbac/missing-rights";
import { allows, EVERYTHING, type Rule } from "#api/rbac/policy-rules";

const rule = (verbs: string[], resources: string[], more: Partial<Rule> = {}): Rule => ({
  verbs,
  apiGroups: [""],
  resources,
  ...more,
});

describe("what someone may grant", () => {
  test("is what rules of their own cover together", () => {
    const held = [rule(["get"], ["pods"]), rule(["list"], ["pods"])];
    expect(missingRights(held, [rule(["get", "list"], ["pods"])])).toEqual([]);
    expect(missingRights(held, [rule(["get", "watch"], ["pods"])])).toEqual([
      rule(["watch"], ["pods"]),
    ]);
  });

  test("is no star, unless they hold it", () => {
    expect(missingRights([rule(["get"], ["pods"])], [rule(["*"], ["pods"])])).toHaveLength(1);
    expect(missingRights([rule(["*"], ["pods"])], [rule(["get"], ["*"])])).toHaveLength(1);
    expect(missingRights(EVERYTHING, EVERYTHING)).toEqual([]);
    expect(missingRights([rule(["get"], ["*/log"])], [rule(["get"], ["pods/log"])])).toEqual([]);
  });

  test("is only those names that they have", () => {
    const held = [rule(["get"], ["secrets"], { resourceNames: ["a"] })];
    expect(missingRights(held, held)).toEqual([]);
    const all = [rule(["get"], ["secrets"])];
    expect(missingRights(held, all)).toEqual(all);
    expect(missingRights(all, held)).toEqual([]);
  });

  test("counts paths too", () => {
    const held: Rule[] = [{ verbs: ["get"], nonResourceURLs: ["/api*"] }];
    expect(missingRights(held, [{ verbs: ["get"], nonResourceURLs: ["/apis/*"] }])).toEqual([]);
    expect(missingRights(held, [{ verbs: ["get"], nonResourceURLs: ["*"] }])).toHaveLength(1);
  });
});

test("missing rights are shown by resource, as Kubernetes writes them", () => {
  const rights = missingRights(
    [],
    [
      rule(["get", "list"], ["secrets", "pods"]),
      rule(["get"], ["pods"], { resourceNames: ["web"] }),
      { verbs: ["get"], nonResourceURLs: ["/metrics"] },
    ],
  );
  expect(describeRights(rights)).toEqual([
    '{APIGroups:[""], Resources:["pods"], ResourceNames:["web"], Verbs:["get"]}',
    '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
  ]);
});

const some = subarray(["*", "get", "list", "pods", "pods/log", "*/log", ""]);
const names = subarray(["web", "db"]);
const anyRule = record({ verbs: some, apiGroups: some, resources: some, resourceNames: names });
const wanted = record({
  verb: constantFrom("get", "list"),
  group: constantFrom("", "apps"),
  resource: constantFrom("pods", "secrets"),
  subresource: constantFrom(undefined, "log"),
  name: constantFrom(undefined, "web", "db"),
});

test("whoever may grant rules may do all that these allow", () => {
  assert(
    property(array(anyRule), array(anyRule), wanted, (held, granted, attributes) => {
      if (missingRights(held, granted).length > 0) return true;
      const isGranted = granted.some((one) => allows(one, attributes));
      return !isGranted || held.some((one) => allows(one, attributes));
    }),
    { numRuns: 1_000 },
  );
});

test("rights are counted as they are taken apart, and holding them all misses none", () => {
  assert(
    property(array(anyRule), (rules) => {
      expect(missingRights([], rules)).toHaveLength(rightsIn(rules));
      expect(missingRights(rules, rules)).toEqual([]);
    }),
  );
});
