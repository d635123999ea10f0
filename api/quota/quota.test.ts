import { assert, array, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Pod, ResourceQuota, ResourceQuotaSpec, Service } from "#api/schema/types";
import { add, describeAmounts, formatAmounts, growth, parseAmounts } from "#api/quota/amounts";
import { limitedResources, quotaStatus } from "#api/quota/count";
import { unspecifiedAmounts } from "#api/quota/pod-usage";
import { covers } from "#api/quota/scopes";
import { resourceCountedBy, usageOf } from "#api/quota/usage";

const PODS = { group: "", plural: "pods" };

function pod(spec: Partial<Pod["spec"]> = {}, phase = "Running"): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default" },
    spec: { containers: [{ name: "web", image: "web:1" }], ...spec },
    status: { phase },
  };
}

function container(name: string, requests = {}, limits = {}): Pod["spec"]["containers"][number] {
  return { name, image: "web:1", resources: { requests, limits } };
}

const half = pod({ containers: [container("web", { cpu: "500m", memory: "64Mi" }, { cpu: "1" })] });

describe("what a quota counts", () => {
  test.each([
    ["pods", "pods"],
    ["requests.cpu", "pods"],
    ["limits.memory", "pods"],
    ["requests.example.com/gpu", "pods"],
    ["services.nodeports", "services"],
    ["requests.storage", "persistentvolumeclaims"],
    ["fast.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims"],
    ["configmaps", "configmaps"],
    ["count/jobs.batch", "jobs"],
    ["count/roles.rbac.authorization.k8s.io", "roles"],
  ])("%s is used up by %s", (name, plural) => {
    expect(resourceCountedBy(name).plural).toBe(plural);
  });

  test("a pod uses requests, limits and its place", () => {
    expect(formatAmounts(usageOf(PODS, half))).toEqual({
      "count/pods": "1",
      pods: "1",
      cpu: "500m",
      "requests.cpu": "500m",
      memory: "64Mi",
      "requests.memory": "64Mi",
      "limits.cpu": "1",
    });
  });

  test("a pod that has ended uses only its place among all pods", () => {
    const ended = { ...half, status: { phase: "Succeeded" } };
    expect(formatAmounts(usageOf(PODS, ended))).toEqual({ "count/pods": "1" });
  });

  test("a service of type NodePort uses as many node ports as it has ports", () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { type: "NodePort", ports: [{ port: 80 }, { port: 443 }] },
    } satisfies Service;
    expect(formatAmounts(usageOf({ group: "", plural: "services" }, service))).toEqual({
      "count/services": "1",
      services: "1",
      "services.nodeports": "2",
    });
  });

  test("objects of other groups are counted by count/ alone", () => {
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "one" } };
    const usage = usageOf({ group: "batch", plural: "jobs" }, job);
    expect(formatAmounts(usage)).toEqual({ "count/jobs.batch": "1" });
  });
});

describe("scopes", () => {
  const scoped = (...scopes: string[]): ResourceQuotaSpec => ({ scopes });
  const priority = (operator: string, values?: string[]): ResourceQuotaSpec => ({
    scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator, values }] },
  });
  const urgent = pod({ priorityClassName: "urgent" });
  test.each<[string, ResourceQuotaSpec, Pod, boolean]>([
    ["no scope covers every pod", {}, half, true],
    ["BestEffort covers a pod without requests", scoped("BestEffort"), pod(), true],
    ["BestEffort leaves out a pod with requests", scoped("BestEffort"), half, false],
    ["NotBestEffort covers a pod with requests", scoped("NotBestEffort"), half, true],
    ["Terminating wants a deadline", scoped("Terminating"), pod(), false],
    ["Terminating", scoped("Terminating"), pod({ activeDeadlineSeconds: 5 }), true],
    ["NotTerminating", scoped("NotTerminating"), pod({ activeDeadlineSeconds: 5 }), false],
    ["a scope of priority without a class", scoped("PriorityClass"), pod(), false],
    ["a class among those named", priority("In", ["urgent"]), urgent, true],
    ["a class not among those named", priority("NotIn", ["urgent"]), urgent, false],
    ["no class", priority("DoesNotExist"), pod(), true],
    ["all of several scopes", scoped("NotBestEffort", "Terminating"), half, false],
  ])("%s", (_, spec, subject, expected) => {
    expect(covers(spec, PODS, subject)).toBe(expected);
  });

  test("a quota with scopes has no say over anything but pods", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    const resource = { group: "", plural: "configmaps" };
    expect(covers(scoped("NotTerminating"), resource, map)).toBe(false);
  });
});

describe("what containers must say", () => {
  const two = pod({ containers: [container("b"), container("a", { cpu: "1" })] });
  test("names what is missing by resource, and the containers in order", () => {
    expect(unspecifiedAmounts(two, ["requests.cpu", "limits.cpu", "pods"])).toBe(
      "must specify limits.cpu for: a,b; requests.cpu for: b",
    );
  });

  test("an amount for the whole pod is enough", () => {
    const whole = { ...two, spec: { ...two.spec, resources: { limits: { cpu: "1" } } } };
    expect(unspecifiedAmounts(whole, ["limits.cpu"])).toBeUndefined();
  });
});

test("counts what is used of each name, and 0 of what nobody uses", () => {
  const hard = { pods: "4", "requests.memory": "1Gi", configmaps: "3" };
  const quota = { metadata: { name: "q" }, spec: { hard } } as unknown as ResourceQuota;
  expect(limitedResources(quota).map(({ plural }) => plural)).toEqual(["pods", "configmaps"]);
  const status = quotaStatus(quota, ({ plural }) => (plural === "pods" ? [half, half, pod()] : []));
  expect(status).toEqual({
    hard,
    used: { pods: "3", "requests.memory": "128Mi", configmaps: "0" },
  });
});

test("amounts are named in the order of their names", () => {
  expect(describeAmounts(parseAmounts({ pods: "2", cpu: "1500m" }))).toBe("cpu=1500m,pods=2");
});

test("what grew, added to what was before, is never less than what is now", () => {
  const amounts = record({ cpu: integer({ min: 0, max: 9 }), pods: integer({ min: 0, max: 9 }) });
  assert(
    property(array(amounts, { minLength: 2, maxLength: 2 }), ([before = {}, now = {}]) => {
      const texts = (all: object) =>
        parseAmounts(Object.fromEntries(Object.entries(all).map(([k, v]) => [k, String(v)])));
      const sum = add(texts(before), growth(texts(now), texts(before)));
      for (const [name, amount] of texts(now)) {
        expect((sum.get(name)?.nanos ?? 0n) >= amount.nanos).toBe(true);
      }
    }),
  );
});
