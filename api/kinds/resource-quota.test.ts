import { expect, test } from "vitest";
import { limitRangeKind } from "#api/kinds/limit-range";
import { resourceQuotaKind } from "#api/kinds/resource-quota";
import { runtimeClassKind } from "#api/kinds/runtime-class";
import type { ResourceQuotaSpec } from "#api/schema/types";

const head = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" } };

test.each<[string, ResourceQuotaSpec, string]>([
  [
    "a resource that is none",
    { hard: { chairs: "1" } },
    'spec.hard[chairs]: Invalid value: "chairs": must be a standard resource for quotas',
  ],
  [
    "half a pod",
    { hard: { pods: "500m" } },
    'spec.hard[pods]: Invalid value: "500m": must be an integer',
  ],
  [
    "less than nothing",
    { hard: { "requests.cpu": "-1" } },
    'spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    "a scope that is none",
    { scopes: ["Idle"] },
    'spec.scopes: Invalid value: ["Idle"]: unsupported scope',
  ],
  [
    "a scope of pods for services",
    { hard: { services: "1" }, scopes: ["NotBestEffort"] },
    'spec.scopes: Invalid value: ["NotBestEffort"]: unsupported scope applied to resource',
  ],
  [
    "scopes that exclude each other",
    { scopes: ["BestEffort", "NotBestEffort"] },
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  ],
  [
    "a choice without values",
    { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } },
    "spec.scopeSelector.matchExpressions[0].values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
  ],
])("a quota cannot have %s", (_, spec, sentence) => {
  const found = resourceQuotaKind.validate({ ...head, spec });
  expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual([sentence]);
});

test.each([["requests.cpu"], ["limits.memory"], ["count/jobs.batch"], ["requests.nvidia.com/gpu"]])(
  "a quota may name %s",
  (name) => {
    expect(resourceQuotaKind.validate({ ...head, spec: { hard: { [name]: "1" } } })).toEqual([]);
  },
);

test("the scopes of a quota do not change", () => {
  const found = resourceQuotaKind.validateUpdate(
    { ...head, spec: { scopes: ["BestEffort"] } },
    { ...head, spec: {} },
  );
  expect(found.map(({ field }) => field)).toEqual(["spec.scopes"]);
});

test("tables show what is used of what is allowed, limits apart", () => {
  const status = {
    hard: { pods: "2", "limits.cpu": "1", "requests.cpu": "500m" },
    used: { pods: "1", "limits.cpu": "250m" },
  };
  const cells = resourceQuotaKind.columns.map(({ value }) =>
    value({ ...head, spec: {}, status }, 0),
  );
  expect(cells.slice(0, 2)).toEqual(["pods: 1/2, requests.cpu: 0/500m", "limits.cpu: 250m/1"]);
});

test("amounts of limit ranges are written as Kubernetes stores them", () => {
  const limits = [{ type: "Container", max: { cpu: "0.5" }, min: { cpu: "0.1" } }];
  const range = { ...head, kind: "LimitRange", spec: { limits } };
  limitRangeKind.setDefaults(range);
  expect(range.spec.limits[0]).toMatchObject({
    max: { cpu: "500m" },
    default: { cpu: "500m" },
    defaultRequest: { cpu: "500m" },
  });
});

test("the handler of a runtime class is a label, and does not change", () => {
  const runtimeClass = { ...head, kind: "RuntimeClass", handler: "Kaji!" };
  expect(runtimeClassKind.validate(runtimeClass)).toHaveLength(1);
  const next = { ...runtimeClass, handler: "other" };
  const [refused] = runtimeClassKind.validateUpdate(next, runtimeClass);
  expect(refused?.message).toContain("field is immutable");
});
