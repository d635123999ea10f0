import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";

type Content = Record<string, unknown>;

const nowMs = Date.parse("2026-01-01T01:00:00Z");

function kindNamed(name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (!found) throw new Error(`no kind ${name} is registered`);
  return found;
}

/** An object of the kind with its defaults. `content` may carry its own metadata. */
function objectOf(kind: Kind, content: Content): KubeObject {
  const object = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    ...structuredClone(content),
    metadata: {
      name: "web",
      namespace: "default",
      creationTimestamp: "2026-01-01T00:55:00Z",
      ...(content["metadata"] as Content | undefined),
    },
  };
  kind.setDefaults(object);
  return object;
}

const lines = (found: ReturnType<Kind["validate"]>) =>
  found.map(({ field, message }) => `${field}: ${message}`);

const template = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1" }] },
};
const selector = { matchLabels: { app: "web" } };
const deployment = (more: Content = {}) => ({ spec: { selector, template, ...more } });
const service = (more: Content = {}) => ({ spec: { ports: [{ port: 80 }], ...more } });
const ingress = (path: Content) => ({
  spec: {
    rules: [
      {
        http: { paths: [{ backend: { service: { name: "web", port: { number: 80 } } }, ...path }] },
      },
    ],
  },
});

test.each<[string, Content, Content]>([
  [
    "Deployment",
    deployment(),
    {
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
        },
        template: { spec: { restartPolicy: "Always" } },
      },
    },
  ],
  ["Deployment", deployment({ strategy: { type: "Recreate" } }), { spec: { replicas: 1 } }],
  ["ReplicaSet", deployment(), { spec: { replicas: 1 }, status: { replicas: 0 } }],
  [
    "Service",
    service(),
    {
      spec: {
        type: "ClusterIP",
        sessionAffinity: "None",
        internalTrafficPolicy: "Cluster",
        ipFamilyPolicy: "SingleStack",
        ipFamilies: ["IPv4"],
        ports: [{ port: 80, targetPort: 80, protocol: "TCP" }],
      },
    },
  ],
  [
    "Service",
    service({ type: "NodePort", sessionAffinity: "ClientIP" }),
    {
      spec: {
        externalTrafficPolicy: "Cluster",
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      },
    },
  ],
  ["Secret", { stringData: { a: "b" } }, { type: "Opaque", data: { a: "Yg==" } }],
  [
    "Namespace",
    {},
    {
      metadata: { labels: { "kubernetes.io/metadata.name": "web" } },
      status: { phase: "Active" },
    },
  ],
  [
    "Node",
    { spec: { podCIDR: "10.244.0.0/24" }, status: { capacity: { cpu: "2" } } },
    { spec: { podCIDRs: ["10.244.0.0/24"] }, status: { allocatable: { cpu: "2" } } },
  ],
  [
    "EndpointSlice",
    { addressType: "IPv4", ports: [{ port: 80 }] },
    { endpoints: [], ports: [{ name: "", protocol: "TCP" }] },
  ],
])("%s gets its defaults", (name, content, expected) => {
  expect(objectOf(kindNamed(name), content)).toMatchObject(expected);
});

describe("refused is", () => {
  test.each<[string, string, Content]>([
    ["Deployment", "spec.selector: Required value", { spec: { template } }],
    [
      "Deployment",
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      deployment({ selector: { matchLabels: { app: "api" } } }),
    ],
    [
      "Deployment",
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    ],
    [
      "ReplicaSet",
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      deployment({ replicas: -1 }),
    ],
    ["Service", "spec.ports: Required value", { spec: {} }],
    [
      "Service",
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
      service({ ports: [{ port: 80, nodePort: 30080 }] }),
    ],
    [
      "ConfigMap",
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
      { data: { a: "" }, binaryData: { a: "" } },
    ],
    [
      "ConfigMap",
      "[]: Too long: may not be more than 1048576 bytes",
      { data: { a: "x".repeat(2 ** 20 + 1) } },
    ],
    [
      "Secret",
      "data[tls.key]: Required value",
      { type: "kubernetes.io/tls", data: { "tls.crt": "" } },
    ],
    [
      "Ingress",
      "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
      ingress({ path: "/" }),
    ],
    [
      "Ingress",
      'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
      ingress({ path: "a", pathType: "Prefix" }),
    ],
    [
      "Event",
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
      { involvedObject: { kind: "Pod", namespace: "other" } },
    ],
    [
      "Lease",
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
      { spec: { leaseDurationSeconds: 0 } },
    ],
    [
      "EndpointSlice",
      'endpoints[0].addresses[0]: Invalid value: "x": must be a valid IPv4 address',
      { addressType: "IPv4", endpoints: [{ addresses: ["x"] }] },
    ],
    [
      "Node",
      'spec.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      { spec: { taints: [{ key: "a", effect: "Never" }] } },
    ],
  ])("a %s: %s", (name, expected, content) => {
    const kind = kindNamed(name);
    expect(lines(kind.validate(objectOf(kind, content)))).toEqual([expected]);
  });
});

describe("an update is refused", () => {
  test.each<[string, string, Content, Content]>([
    [
      "Deployment",
      'spec.selector: Invalid value: {"matchLabels":{"app":"api"}}: field is immutable',
      deployment(),
      deployment({ selector: { matchLabels: { app: "api" } } }),
    ],
    [
      "Service",
      'spec.clusterIPs[0]: Invalid value: "10.96.0.6": field is immutable',
      service({ clusterIP: "10.96.0.5" }),
      service({ clusterIP: "10.96.0.6" }),
    ],
    [
      "ConfigMap",
      "data: Forbidden: field is immutable when `immutable` is set",
      { immutable: true, data: { a: "1" } },
      { immutable: true, data: { a: "2" } },
    ],
    [
      "Secret",
      "immutable: Forbidden: field is immutable when `immutable` is set",
      { immutable: true },
      {},
    ],
    ["Secret", 'type: Invalid value: "Other": field is immutable', {}, { type: "Other" }],
    [
      "Node",
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
      { spec: { podCIDR: "10.244.0.0/24" } },
      { spec: { podCIDR: "10.244.1.0/24" } },
    ],
  ])("of a %s: %s", (name, expected, previous, next) => {
    const kind = kindNamed(name);
    const found = kind.validateUpdate(objectOf(kind, next), objectOf(kind, previous));
    expect(lines(found)).toEqual([expected]);
  });
});

describe("kubectl get shows", () => {
  test.each<[string, string, Content]>([
    [
      "Deployment",
      "2/3 1 2 5m web web:1 app=web",
      {
        ...deployment({ replicas: 3 }),
        status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
      },
    ],
    [
      "ReplicaSet",
      "3 2 1 5m web web:1 app=web",
      { ...deployment({ replicas: 3 }), status: { replicas: 2, readyReplicas: 1 } },
    ],
    [
      "Service",
      "NodePort 10.96.0.5 <none> 80:30080/TCP 5m app=web",
      service({
        type: "NodePort",
        clusterIP: "10.96.0.5",
        selector: { app: "web" },
        ports: [{ port: 80, nodePort: 30080 }],
      }),
    ],
    [
      "Service",
      "LoadBalancer <none> <pending> 80/TCP 5m <none>",
      service({ type: "LoadBalancer" }),
    ],
    [
      "Node",
      "Ready,SchedulingDisabled control-plane 5m v1.34.0 10.0.0.1 <none> Debian 6.1 kaji://1",
      {
        metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } },
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: "Ready", status: "True" }],
          addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
          nodeInfo: {
            kubeletVersion: "v1.34.0",
            osImage: "Debian",
            kernelVersion: "6.1",
            containerRuntimeVersion: "kaji://1",
          },
        },
      },
    ],
    [
      "Event",
      "60s Warning Failed pod/web  kaji-agent, node-1 No such image 5m 3 web",
      {
        type: "Warning",
        reason: "Failed",
        message: "No such image\n",
        count: 3,
        involvedObject: { kind: "Pod", name: "web", namespace: "default" },
        source: { component: "kaji-agent", host: "node-1" },
        firstTimestamp: "2026-01-01T00:55:00Z",
        lastTimestamp: "2026-01-01T00:59:00Z",
      },
    ],
    [
      "Ingress",
      "kaji a,b,c + 1 more... 127.0.0.1 80, 443 5m",
      {
        spec: {
          ingressClassName: "kaji",
          rules: ["a", "b", "c", "d"].map((host) => ({ host })),
          tls: [{}],
        },
        status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } },
      },
    ],
    [
      "EndpointSlice",
      "IPv4 8080 10.244.0.2,10.244.0.3 5m",
      {
        addressType: "IPv4",
        ports: [{ port: 8080 }],
        endpoints: [{ addresses: ["10.244.0.2"] }, { addresses: ["10.244.0.3"] }],
      },
    ],
    ["Secret", "Opaque 2 5m", { data: { a: "", b: "" } }],
    ["ConfigMap", "2 5m", { data: { a: "" }, binaryData: { b: "" } }],
    ["ServiceAccount", "0 5m", {}],
    ["Lease", "kaji-1 5m", { spec: { holderIdentity: "kaji-1" } }],
    ["Namespace", "Active 5m", {}],
    ["IngressClass", "kaji.dev/ingress <none> 5m", { spec: { controller: "kaji.dev/ingress" } }],
  ])("for a %s: %s", (name, expected, content) => {
    const kind = kindNamed(name);
    const object = objectOf(kind, content);
    expect(kind.columns.map((column) => column.value(object, nowMs)).join(" ")).toBe(expected);
  });
});
