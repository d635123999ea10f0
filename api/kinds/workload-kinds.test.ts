import { describe, expect, test } from "vitest";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { daemonSetKind } from "#api/kinds/daemon-set";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { priorityClassKind } from "#api/kinds/priority-class";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";

type Content = Record<string, unknown>;

const templated = {
  selector: { matchLabels: { app: "web" } },
  template: {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "web:1" }] },
  },
};

function make<T extends KubeObject>(kind: Kind<T>, content: Content, name = "web"): T {
  const apiVersion = `${kind.group}/${kind.version}`;
  const draft = { apiVersion, kind: kind.kind, metadata: { name }, ...structuredClone(content) };
  kind.setDefaults(draft as unknown as T);
  return draft as unknown as T;
}

function problems<T extends KubeObject>(kind: Kind<T>, content: Content, name?: string): string[] {
  return kind
    .validate(make(kind, content, name))
    .map(({ field, message }) => `${field}: ${message}`);
}

function updateProblems<T extends KubeObject>(kind: Kind<T>, from: Content, to: Content): string[] {
  return kind
    .validateUpdate(make(kind, to), make(kind, from))
    .map(({ field, message }) => `${field}: ${message}`);
}

describe("DaemonSet", () => {
  const withStrategy = (rollingUpdate: Content, type = "RollingUpdate"): Content => ({
    spec: { ...templated, updateStrategy: { type, rollingUpdate } },
  });

  test("rolls out one node at a time unless it says otherwise", () => {
    expect(make(daemonSetKind, { spec: templated }).spec).toMatchObject({
      revisionHistoryLimit: 10,
      updateStrategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
      },
    });
  });

  test.each<[Content, string]>([
    [
      withStrategy({ maxUnavailable: 0 }),
      "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
    ],
    [
      withStrategy({ maxUnavailable: 1, maxSurge: "10%" }),
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero',
    ],
    [
      withStrategy({ maxUnavailable: "101%" }),
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ],
    [
      withStrategy({}, "Recreate"),
      'spec.updateStrategy.type: Unsupported value: "Recreate": supported values: "RollingUpdate", "OnDelete"',
    ],
    [
      { spec: { ...templated, selector: {} } },
      "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
    ],
  ])("refuses %j", (content, problem) => {
    expect(problems(daemonSetKind, content)).toEqual([problem]);
  });
});

describe("StatefulSet", () => {
  const withSpec = (more: Content): Content => ({ spec: { ...templated, ...more } });

  test("has the defaults of Kubernetes", () => {
    expect(make(statefulSetKind, { spec: templated }).spec).toMatchObject({
      replicas: 1,
      podManagementPolicy: "OrderedReady",
      revisionHistoryLimit: 10,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
  });

  test.each<[Content, string]>([
    [
      withSpec({ podManagementPolicy: "Random" }),
      "spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
    ],
    [
      withSpec({ updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 1 } } }),
      "spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for updateStrategy 'RollingUpdate'",
    ],
    [
      withSpec({ ordinals: { start: -1 } }),
      "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      withSpec({
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "0" } } },
          },
        ],
      }),
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Invalid value: "0": must be greater than zero',
    ],
  ])("refuses %j", (content, problem) => {
    expect(problems(statefulSetKind, content)).toEqual([problem]);
  });

  test("may change only what can change while its pods keep their names", () => {
    const from = { spec: templated };
    expect(updateProblems(statefulSetKind, from, withSpec({ replicas: 5 }))).toEqual([]);
    expect(updateProblems(statefulSetKind, from, withSpec({ serviceName: "other" }))).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
  });

  test("has a name that can be a host name", () => {
    expect(statefulSetKind.nameRule?.("db.example")).toHaveLength(1);
  });
});

describe("ControllerRevision", () => {
  test("shows whose it is, and keeps its data for ever", () => {
    const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "logs", controller: true };
    const made = make(controllerRevisionKind, { data: {}, revision: 3 });
    const owned = { ...made, metadata: { name: "a", ownerReferences: [{ ...owner, uid: "u" }] } };
    const cells = controllerRevisionKind.columns.map(({ value }) => value(owned, 0));
    expect(cells.slice(0, 2)).toEqual(["daemonset.apps/logs", 3]);
    const [from, to] = [
      { data: { a: 1 }, revision: 1 },
      { data: { a: 2 }, revision: 2 },
    ];
    expect(updateProblems(controllerRevisionKind, from, to)).toEqual([
      'data: Invalid value: {"a":2}: field is immutable',
    ]);
  });
});

describe("PodDisruptionBudget", () => {
  test.each<[Content, string | undefined]>([
    [{ minAvailable: "50%" }, undefined],
    [
      { minAvailable: -1 },
      "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      { maxUnavailable: "150%" },
      'spec.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
    ],
    [
      { maxUnavailable: 1, minAvailable: 1 },
      'spec: Invalid value: {"maxUnavailable":1,"minAvailable":1}: minAvailable and maxUnavailable cannot be both set',
    ],
    [
      { unhealthyPodEvictionPolicy: "Never" },
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ])("of %j", (spec, problem) => {
    expect(problems(podDisruptionBudgetKind, { spec })).toEqual(problem ? [problem] : []);
  });
});

describe("PriorityClass", () => {
  test.each<[string, number, string]>([
    [
      "system-mine",
      1,
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
    ],
    [
      "system-node-critical",
      1,
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
    ],
    [
      "huge",
      1_000_000_001,
      "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
    ],
  ])("%s of %i is refused", (name, value, problem) => {
    expect(problems(priorityClassKind, { value }, name)).toEqual([problem]);
  });

  test("keeps its value and its preemption policy", () => {
    const to = { value: 2, preemptionPolicy: "Never" };
    expect(updateProblems(priorityClassKind, { value: 1 }, to)).toEqual([
      "value: Forbidden: may not be changed in an update.",
      'preemptionPolicy: Invalid value: "Never": field is immutable',
    ]);
  });
});
