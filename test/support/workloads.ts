import { setAutoscalerDefaults } from "#api/kinds/horizontal-pod-autoscaler-rules";
import type {
  DaemonSet,
  DaemonSetSpec,
  Deployment,
  DeploymentSpec,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  Node,
  Pod,
  PodDisruptionBudget,
  PodDisruptionBudgetSpec,
  PodSpec,
  ReplicaSet,
  Service,
  StatefulSet,
  StatefulSetSpec,
} from "#api/schema/types";

/** Small valid objects for tests of controllers and scheduler: what a test does not say is of no importance. */
export const T0 = Date.parse("2026-01-01T00:00:00Z");

export function deployment(name: string, spec: Partial<DeploymentSpec> = {}): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", uid: `uid-${name}`, generation: 1 },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { name: "", labels },
        spec: { containers: [{ name: "main", image: "v1" }] },
      },
      ...spec,
    },
  };
}

export function replicaSet(
  name: string,
  replicas: number,
  more: Partial<ReplicaSet> = {},
): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, namespace: "default", uid: `uid-${name}`, generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { name: "", labels: { app: "web" } },
        spec: { containers: [{ name: "main", image: "v1" }] },
      },
    },
    ...more,
  };
}

export interface PodOptions {
  readonly labels?: Record<string, string>;
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid?: string };
  readonly node?: string;
  readonly isReady?: boolean;
  readonly phase?: string;
  readonly ip?: string;
  readonly isDeleted?: boolean;
  readonly ageMs?: number;
  readonly spec?: Partial<PodSpec>;
  readonly annotations?: Record<string, string>;
}

export function pod(name: string, options: PodOptions = {}): Pod {
  const { labels = { app: "web" }, owner, node, isReady = false, ip, ageMs = 0 } = options;
  const time = new Date(T0 - ageMs).toISOString();
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      labels,
      creationTimestamp: time,
      ...(options.annotations ? { annotations: options.annotations } : {}),
      ...(options.isDeleted ? { deletionTimestamp: time } : {}),
      ...(owner
        ? {
            ownerReferences: [
              {
                apiVersion: "apps/v1",
                kind: owner.kind,
                name: owner.name,
                uid: owner.uid ?? `uid-${owner.name}`,
                controller: true,
              },
            ],
          }
        : {}),
    },
    spec: {
      containers: [{ name: "main", image: "v1" }],
      ...(node ? { nodeName: node } : {}),
      ...options.spec,
    },
    status: {
      phase: options.phase ?? (isReady ? "Running" : "Pending"),
      ...(ip ? { podIP: ip } : {}),
      conditions: [{ type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: time }],
    },
  };
}

export function node(name: string, more: Partial<Node["spec"]> & { cpu?: string } = {}): Node {
  const { cpu = "4", ...spec } = more;
  const allocatable = { cpu, memory: "8Gi", pods: "10" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: `uid-${name}`, creationTimestamp: new Date(T0).toISOString() },
    spec,
    status: { allocatable, capacity: allocatable, conditions: [{ type: "Ready", status: "True" }] },
  };
}

export function service(name: string, ports: Service["spec"]["ports"], more: object = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default", uid: `uid-${name}` },
    spec: { selector: { app: "web" }, ports, ...more },
  };
}

function templated(name: string) {
  const labels = { app: name };
  return {
    selector: { matchLabels: labels },
    template: {
      metadata: { name: "", labels },
      spec: { containers: [{ name: "main", image: "v1" }] },
    },
  };
}

export function statefulSet(name: string, spec: Partial<StatefulSetSpec> = {}): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: "default", uid: `uid-${name}`, generation: 1 },
    spec: {
      ...templated(name),
      replicas: 3,
      serviceName: name,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      ...spec,
    },
  };
}

export function daemonSet(name: string, spec: Partial<DaemonSetSpec> = {}): DaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "default", uid: `uid-${name}`, generation: 1 },
    spec: {
      ...templated(name),
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      ...spec,
    },
  };
}

/** Of the deployment of the same name, by its cpu, as the API server stores it. */
export function autoscaler(
  name: string,
  spec: Partial<HorizontalPodAutoscalerSpec> = {},
): HorizontalPodAutoscaler {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name };
  const object: HorizontalPodAutoscaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace: "default", uid: `uid-autoscaler-${name}` },
    spec: { scaleTargetRef, maxReplicas: 10, ...spec },
  };
  setAutoscalerDefaults(object);
  return object;
}

export function disruptionBudget(name: string, spec: PodDisruptionBudgetSpec): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default", uid: `uid-budget-${name}`, generation: 1 },
    spec: { selector: { matchLabels: { app: name } }, ...spec },
  };
}
