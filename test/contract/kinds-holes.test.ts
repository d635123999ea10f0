import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { fullTenant, fullTenantPlan } from "#test/contract/tenants-fixture";
import {
  fullNetworkPolicy,
  fullRequestAutoscaler,
  fullTrafficReport,
} from "#test/contract/traffic-samples";

/**
 * A client may leave out any field, also one that the schema requires, or send it empty. Defaults, validation
 * and columns then answer with errors of fields: they never throw, which would be a 500.
 */
type Json = { [key: string]: unknown } | unknown[];

const labelSelector = {
  matchLabels: { app: "web" },
  matchExpressions: [{ key: "tier", operator: "In", values: ["a"] }],
};
const nodeTerm = {
  matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }],
  matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }],
};
const podTerm = { labelSelector, namespaceSelector: labelSelector, topologyKey: "zone" };
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const podAffinity = {
  [REQUIRED]: [podTerm],
  [PREFERRED]: [{ weight: 1, podAffinityTerm: podTerm }],
};
const fieldRef = { fieldPath: "metadata.name" };
const resourceFieldRef = { containerName: "web", resource: "limits.cpu", divisor: "1" };
const files = [
  { path: "a", fieldRef },
  { path: "b", resourceFieldRef },
];
const items = [{ key: "a", path: "b", mode: 420 }];

const container = {
  name: "web",
  image: "web:1",
  ports: [{ name: "http", containerPort: 80, hostPort: 80, hostIP: "10.0.0.1", protocol: "TCP" }],
  env: [
    { name: "A", value: "b" },
    { name: "B", valueFrom: { fieldRef } },
    { name: "C", valueFrom: { resourceFieldRef } },
    { name: "D", valueFrom: { configMapKeyRef: { name: "a", key: "b" } } },
    { name: "E", valueFrom: { secretKeyRef: { name: "a", key: "b" } } },
  ],
  envFrom: [{ prefix: "P", configMapRef: { name: "a" } }, { secretRef: { name: "a" } }],
  resources: { requests: { cpu: "1", "example.com/gpu": "1" }, limits: { cpu: "1" } },
  livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "A", value: "b" }] } },
  readinessProbe: { exec: { command: ["true"] } },
  startupProbe: { grpc: { port: 80 } },
  lifecycle: { postStart: { tcpSocket: { port: 80 } }, preStop: { sleep: { seconds: 1 } } },
  securityContext: {
    runAsUser: 1,
    allowPrivilegeEscalation: false,
    capabilities: { add: ["SYS_ADMIN"] },
    seccompProfile: { type: "Localhost", localhostProfile: "a" },
  },
  volumeMounts: [{ name: "scratch", mountPath: "/a", subPath: "b", mountPropagation: "None" }],
};

const podSpec = {
  containers: [container],
  initContainers: [{ ...container, name: "init", restartPolicy: "Always" }],
  volumes: [
    { name: "scratch", emptyDir: { sizeLimit: "1Gi" } },
    { name: "config", configMap: { name: "a", items } },
    { name: "secret", secret: { secretName: "a", items } },
    { name: "host", hostPath: { path: "/a", type: "Directory" } },
    { name: "claim", persistentVolumeClaim: { claimName: "a" } },
    { name: "own", downwardAPI: { items: files } },
    {
      name: "all",
      projected: {
        sources: [
          { configMap: { name: "a", items } },
          { secret: { name: "a", items } },
          { downwardAPI: { items: files } },
          { serviceAccountToken: { path: "token", expirationSeconds: 600 } },
        ],
      },
    },
  ],
  affinity: {
    nodeAffinity: {
      [REQUIRED]: { nodeSelectorTerms: [nodeTerm] },
      [PREFERRED]: [{ weight: 1, preference: nodeTerm }],
    },
    podAffinity,
    podAntiAffinity: podAffinity,
  },
  tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoExecute" }],
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector },
  ],
  schedulingGates: [{ name: "a" }],
  readinessGates: [{ conditionType: "a" }],
  securityContext: { sysctls: [{ name: "net.a", value: "1" }], supplementalGroups: [1] },
  dnsConfig: { nameservers: ["10.0.0.1"], searches: ["a"], options: [{ name: "a" }] },
  hostAliases: [{ ip: "10.0.0.1", hostnames: ["a"] }],
  os: { name: "linux" },
  nodeSelector: { a: "b" },
};

const status = { state: { waiting: { reason: "a" } }, lastState: { terminated: { exitCode: 1 } } };
const jobSpec = {
  completions: 3,
  parallelism: 2,
  completionMode: "Indexed",
  backoffLimitPerIndex: 1,
  maxFailedIndexes: 1,
  managedBy: "example.com/queue",
  podReplacementPolicy: "Failed",
  podFailurePolicy: {
    rules: [
      { action: "FailJob", onExitCodes: { containerName: "web", operator: "In", values: [1, 42] } },
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    ],
  },
  successPolicy: { rules: [{ succeededIndexes: "0-1", succeededCount: 1 }] },
  template: {
    metadata: { labels: { app: "web" }, annotations: { a: "b" } },
    spec: { restartPolicy: "Never", containers: [container] },
  },
};
const jobStatus = {
  startTime: "2026-01-01T00:00:00Z",
  completionTime: "2026-01-01T00:00:00Z",
  conditions: [{ type: "Complete", status: "True" }],
};

const workload = {
  spec: {
    selector: labelSelector,
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1%", maxUnavailable: 1 } },
  },
  status: { replicas: 1 },
};
const policyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] };
const bound = {
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [
    { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "a" },
    { kind: "ServiceAccount", name: "a", namespace: "b" },
  ],
};
const backend = { service: { name: "web", port: { number: 80 } } };

const full: Record<string, Json> = {
  Pod: {
    spec: podSpec,
    status: {
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [{ name: "web", ...status }],
      initContainerStatuses: [{ name: "init", ...status }],
      podIPs: [{ ip: "10.0.0.1" }],
    },
  },
  Job: { spec: jobSpec, status: jobStatus },
  CronJob: {
    spec: { schedule: "@daily", timeZone: "Europe/Berlin", jobTemplate: { spec: jobSpec } },
    status: { active: [{ kind: "Job", name: "a" }], lastScheduleTime: "2026-01-01T00:00:00Z" },
  },
  Deployment: workload,
  ReplicaSet: workload,
  ReplicationController: {
    spec: { selector: { app: "web" }, template: workload.spec.template },
    status: { replicas: 1 },
  },
  StatefulSet: {
    spec: {
      ...workload.spec,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1, maxUnavailable: 1 } },
      ordinals: { start: 1 },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Delete" },
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { accessModes: ["a"] } }],
    },
    status: { replicas: 1 },
  },
  DaemonSet: {
    spec: {
      ...workload.spec,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    },
    status: { numberReady: 1 },
  },
  ControllerRevision: { data: { spec: { template: {} } }, revision: 1 },
  PodDisruptionBudget: {
    spec: { minAvailable: "50%", selector: labelSelector, unhealthyPodEvictionPolicy: "a" },
    status: { disruptionsAllowed: 1, conditions: [{ type: "DisruptionAllowed" }] },
  },
  PriorityClass: { value: 1, globalDefault: true, preemptionPolicy: "Never" },
  Service: {
    spec: {
      type: "LoadBalancer",
      clusterIPs: ["10.0.0.1"],
      ports: [{ name: "http", port: 80, targetPort: "http", nodePort: 30080 }],
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } },
      sessionAffinity: "ClientIP",
      selector: { a: "b" },
    },
    status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } },
  },
  EndpointSlice: {
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.1"], hostname: "a", targetRef: { kind: "Pod" } }],
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
  },
  Ingress: {
    spec: {
      defaultBackend: backend,
      rules: [{ host: "a", http: { paths: [{ path: "/", pathType: "Exact", backend }] } }],
      tls: [{ hosts: ["a"], secretName: "b" }],
    },
    status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } },
  },
  IngressClass: { spec: { controller: "a/b", parameters: { kind: "A", name: "b" } } },
  Node: {
    spec: { taints: [{ key: "a", effect: "NoSchedule" }], podCIDRs: ["10.0.0.0/24"] },
    status: {
      capacity: { cpu: "1" },
      addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: { osImage: "a" },
    },
  },
  Event: { involvedObject: { kind: "Pod", name: "a" }, series: { count: 1 }, source: {} },
  Secret: { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "e30=" } },
  ConfigMap: { data: { a: "b" }, binaryData: { b: "" } },
  Lease: { spec: { holderIdentity: "a", leaseDurationSeconds: 1 } },
  Namespace: { spec: { finalizers: [] }, status: { phase: "Active" } },
  PersistentVolume: {
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      claimRef: { namespace: "a", name: "b", uid: "c" },
      hostPath: { path: "/a", type: "Directory" },
      local: { path: "/a" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }],
        },
      },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "a",
      volumeMode: "Filesystem",
    },
    status: { phase: "Bound", reason: "a" },
  },
  PersistentVolumeClaim: {
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" }, limits: { storage: "2Gi" } },
      selector: labelSelector,
      dataSource: { kind: "a", name: "b" },
      dataSourceRef: { kind: "a", name: "b" },
      storageClassName: "a",
      volumeMode: "Filesystem",
      volumeName: "a",
    },
    status: { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } },
  },
  Role: { rules: [policyRule] },
  ClusterRole: {
    rules: [policyRule, { verbs: ["get"], nonResourceURLs: ["/metrics"] }],
    aggregationRule: { clusterRoleSelectors: [labelSelector] },
  },
  RoleBinding: bound,
  ClusterRoleBinding: bound,
  NetworkPolicy: fullNetworkPolicy,
  RequestAutoscaler: fullRequestAutoscaler,
  TrafficReport: fullTrafficReport,
  Tenant: fullTenant,
  TenantPlan: fullTenantPlan,
  StorageClass: {
    provisioner: "kaji.dev/local-path",
    parameters: { a: "b" },
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
    allowVolumeExpansion: true,
    allowedTopologies: [{ matchLabelExpressions: [{ key: "a", values: ["b"] }] }],
  },
  HorizontalPodAutoscaler: {
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" },
      minReplicas: 1,
      maxReplicas: 2,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 1 } },
        },
        { type: "Pods", pods: { metric: { name: "a" }, target: { type: "Value", value: "1" } } },
      ],
      behavior: {
        scaleUp: {
          selectPolicy: "Max",
          stabilizationWindowSeconds: 1,
          policies: [{ type: "Pods", value: 1, periodSeconds: 1 }],
        },
        scaleDown: { selectPolicy: "Min" },
      },
    },
    status: {
      currentReplicas: 1,
      desiredReplicas: 1,
      currentMetrics: [{ type: "Resource", resource: { name: "cpu", current: { value: "1" } } }],
    },
  },
  ResourceQuota: {
    spec: {
      hard: { "requests.cpu": "1", pods: "2" },
      scopes: ["NotTerminating"],
      scopeSelector: {
        matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["a"] }],
      },
    },
    status: { hard: { pods: "2" }, used: { pods: "1" } },
  },
  LimitRange: {
    spec: {
      limits: [
        {
          type: "Container",
          max: { cpu: "2" },
          min: { cpu: "1" },
          default: { cpu: "2" },
          defaultRequest: { cpu: "1" },
          maxLimitRequestRatio: { cpu: "2" },
        },
        { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
      ],
    },
  },
  RuntimeClass: {
    handler: "kaji",
    overhead: { podFixed: { cpu: "10m" } },
    scheduling: { nodeSelector: { a: "b" }, tolerations: [{ key: "a", operator: "Exists" }] },
  },
  ServiceAccount: { secrets: [{ name: "a" }] },
};

/** Every copy of the value with one field missing, or one list or map empty. */
function* withHoles(value: Json): Generator<Json> {
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    const put = (replacement: unknown) => {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = replacement;
      return copy as Json;
    };
    if (!Array.isArray(value)) {
      const { [key]: _, ...rest } = value;
      yield structuredClone(rest);
    }
    if (typeof inner !== "object" || inner === null) continue;
    yield put(Array.isArray(inner) ? [] : {});
    for (const holed of withHoles(inner as Json)) yield put(holed);
  }
}

function run(kind: Kind, content: Json): void {
  const object = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: "web", ...(kind.isNamespaced ? { namespace: "default" } : {}) },
    ...(content as Record<string, unknown>),
  } satisfies KubeObject;
  kind.setDefaults(object);
  const found = kind.validate(object);
  expect(kind.validateUpdate(object, structuredClone(object))).toEqual([]);
  // Only what is valid is ever stored and shown.
  if (found.length > 0) return;
  for (const column of kind.columns) column.value(object, 0);
}

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("a %s", (_, kind) => {
  test("with any one field missing or empty is answered without throwing", () => {
    const contents = [...withHoles(full[kind.kind] ?? {})];
    expect(contents.length).toBeGreaterThan(0);
    for (const content of contents) {
      run(kind, content);
    }
  });
});
