import { describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import type { Container, Pod, PodSpec } from "#api/schema/types";

function pod(spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default" },
    spec: { containers: [{ name: "web", image: "web:1" }], ...structuredClone(spec) },
  };
}

function defaulted(spec: Partial<PodSpec> = {}): Pod {
  const object = pod(spec);
  podKind.setDefaults(object);
  return object;
}

const withContainer = (container: Partial<Container>) => ({
  containers: [{ name: "web", image: "web:1", ...container }],
});

function refusals(spec: Partial<PodSpec>): string[] {
  return podKind.validate(defaulted(spec)).map(({ field, message }) => `${field}: ${message}`);
}

test("a pod gets Kubernetes' defaults", () => {
  expect(defaulted()).toMatchObject({
    spec: {
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
      securityContext: {},
      enableServiceLinks: true,
      containers: [
        {
          imagePullPolicy: "IfNotPresent",
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          resources: {},
        },
      ],
    },
    status: { phase: "Pending", qosClass: "BestEffort" },
  });
});

test.each([
  ["web", "Always"],
  ["web:latest", "Always"],
  ["web:1", "IfNotPresent"],
  ["registry:5000/web", "Always"],
  ["registry:5000/web:1", "IfNotPresent"],
  [`web@sha256:${"0".repeat(64)}`, "IfNotPresent"],
])("the image %s is pulled %s", (image, expected) => {
  expect(defaulted(withContainer({ image })).spec.containers[0]?.imagePullPolicy).toBe(expected);
});

test("limits become requests, amounts become canonical, host ports follow container ports", () => {
  const resources = { limits: { cpu: "0.5", memory: "1024Mi" }, requests: { cpu: "0.1" } };
  const object = defaulted({
    ...withContainer({ resources, ports: [{ containerPort: 80 }] }),
    hostNetwork: true,
  });
  expect(object.spec.containers[0]).toMatchObject({
    resources: {
      limits: { cpu: "500m", memory: "1Gi" },
      requests: { cpu: "100m", memory: "1Gi" },
    },
    ports: [{ containerPort: 80, hostPort: 80, protocol: "TCP" }],
  });
});

test("probes, field references and volumes get their defaults", () => {
  const object = defaulted({
    ...withContainer({
      livenessProbe: { httpGet: { port: 80 } },
      env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    }),
    volumes: [
      { name: "scratch" },
      { name: "config", configMap: { name: "web" } },
      { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
    ],
  });
  expect(object.spec.containers[0]).toMatchObject({
    livenessProbe: {
      httpGet: { path: "/", scheme: "HTTP" },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    env: [{ valueFrom: { fieldRef: { apiVersion: "v1" } } }],
  });
  expect(object.spec.volumes).toMatchObject([
    { emptyDir: {} },
    { configMap: { defaultMode: 420 } },
    {
      projected: {
        defaultMode: 420,
        sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }],
      },
    },
  ]);
});

describe("a pod is refused", () => {
  test.each<[string, Partial<PodSpec>]>([
    ["spec.containers: Required value", { containers: [] }],
    ["spec.containers[0].image: Required value", { containers: [{ name: "web" }] }],
    [
      'spec.containers[1].name: Duplicate value: "a"',
      {
        containers: [
          { name: "a", image: "a" },
          { name: "a", image: "a" },
        ],
      },
    ],
    [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      { restartPolicy: "Sometimes" },
    ],
    [
      'spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
      withContainer({ imagePullPolicy: "Maybe" }),
    ],
    [
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
      withContainer({ ports: [{ containerPort: 70000 }] }),
    ],
    [
      'spec.containers[0].volumeMounts[0].name: Not found: "data"',
      withContainer({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
    ],
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      withContainer({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
    ],
    [
      "spec.containers[0].livenessProbe: Required value: must specify a handler type",
      withContainer({ livenessProbe: {} }),
    ],
    [
      "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
      withContainer({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
    ],
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.color": error converting fieldPath: field label not supported: spec.color',
      withContainer({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.color" } } }] }),
    ],
    [
      "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      { initContainers: [{ name: "i", image: "i", readinessProbe: { tcpSocket: { port: 1 } } }] },
    ],
    [
      "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type",
      { volumes: [{ name: "v", configMap: { name: "a" }, secret: { secretName: "b" } }] },
    ],
    [
      "spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
      { tolerations: [{ key: "a", effect: "NoSchedule", tolerationSeconds: 5 }] },
    ],
    [
      "spec.hostNetwork: Forbidden: when `hostUsers` is false",
      { hostUsers: false, hostNetwork: true },
    ],
    [
      "spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false",
      {
        hostUsers: false,
        volumes: [{ name: "disk", persistentVolumeClaim: { claimName: "disk" } }],
        ...withContainer({ volumeDevices: [{ name: "disk", devicePath: "/dev/x" }] }),
      },
    ],
    [
      'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
      withContainer({ securityContext: { procMount: "Unmasked" } }),
    ],
    [
      "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
      { nodeName: "node-1", schedulingGates: [{ name: "wait" }] },
    ],
  ])("%s", (expected, spec) => {
    expect(refusals(spec)).toEqual([expected]);
  });
});

describe("an update of a pod", () => {
  const before = defaulted({ tolerations: [{ key: "a", operator: "Exists" }] });
  const refusal = (change: (spec: PodSpec) => void) => {
    const next = structuredClone(before);
    change(next.spec);
    return podKind.validateUpdate(next, before).map(({ field, message }) => `${field}: ${message}`);
  };

  test("may change images and the deadline, and add tolerations", () => {
    const found = refusal((spec) => {
      for (const container of spec.containers) container.image = "web:2";
      spec.activeDeadlineSeconds = 5;
      spec.tolerations?.push({ key: "b", operator: "Exists" });
    });
    expect(found).toEqual([]);
  });

  test("may change nothing else, and hears what it tried to change", () => {
    const [found] = refusal((spec) => {
      spec.nodeName = "node-1";
    });
    expect(found).toContain("spec: Forbidden: pod updates may not change fields other than");
    expect(found).toContain("changed: spec.nodeName");
  });

  test("may not take a toleration or a container away", () => {
    expect(refusal((spec) => spec.tolerations?.pop())).toEqual([
      "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    ]);
    expect(refusal((spec) => spec.containers.pop())).toEqual([
      "spec.containers: Forbidden: pod updates may not add or remove containers",
    ]);
  });
});
