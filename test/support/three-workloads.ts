import type { Job, JobSpec } from "#api/schema/types";
import { BUSYBOX } from "#test/support/hosts-cluster";

/** One of every kind of workload, as small as can be. `shared` is a folder that all hosts have. */
export function everyWorkload(shared: string): readonly object[] {
  return [
    web(shared),
    service("web"),
    ingress(),
    budget(),
    autoscaler(),
    workload("apps/v1", "ReplicaSet", "set", { replicas: 2 }, [sleeper()]),
    controller(),
    statefulSet("plain", 2, shared, {}),
    statefulSet("kept", 3, shared, { volumeClaimTemplates: [claim()] }, true),
    workload("apps/v1", "DaemonSet", "daemon", {}, [sleeper()]),
    job(shared),
    cronJob(),
  ];
}

/** Jobs end when this file is there. */
export const JOB_GATE = "job-may-end";
export const JOB_COMPLETIONS = 6;
export const WEB_HOST = "web.test";
/** How long an answer takes: so there are always some in hand. */
const ANSWER_MS = 30;

function template(app: string, containers: readonly object[], more: object = {}): object {
  const spec = { terminationGracePeriodSeconds: 1, containers, ...more };
  return { metadata: { labels: { app } }, spec };
}

function workload(
  apiVersion: string,
  kind: string,
  name: string,
  more: object,
  containers: readonly object[],
  pod: object = {},
): object {
  const selector = { matchLabels: { app: name } };
  const spec = { selector, template: template(name, containers, pod), ...more };
  return { apiVersion, kind, metadata: { name }, spec };
}

function container(script: string, more: object = {}): object {
  const command = ["sh", "-c", script];
  return { name: "main", image: BUSYBOX, imagePullPolicy: "IfNotPresent", command, ...more };
}

/** Ends at once when asked to: process 1 has to say so itself. */
function sleeper(): object {
  return container("trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done");
}

const identity = [
  { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
];

function sharing(shared: string): object {
  return { name: "shared", hostPath: { path: shared } };
}

function spread(app: string, whenUnsatisfiable: string): object {
  const labelSelector = { matchLabels: { app } };
  return { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable, labelSelector };
}

function web(shared: string): object {
  const server = {
    ...container(`exec /shared/three-web 8080 "$POD" "/shared/journal-$POD" ${ANSWER_MS}`),
    env: identity,
    volumeMounts: [{ name: "shared", mountPath: "/shared" }],
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  };
  return workload("apps/v1", "Deployment", "web", { replicas: 3 }, [server], {
    volumes: [sharing(shared)],
    topologySpreadConstraints: [spread("web", "ScheduleAnyway")],
  });
}

function service(name: string): object {
  const spec = { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
}

function ingress(): object {
  const backend = { service: { name: "web", port: { number: 80 } } };
  const rule = { host: WEB_HOST, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web" },
    spec: { rules: [rule] },
  };
}

function budget(): object {
  const spec = { minAvailable: 2, selector: { matchLabels: { app: "web" } } };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web" }, spec };
}

function autoscaler(): object {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: { scaleTargetRef, minReplicas: 3, maxReplicas: 3 },
  };
}

function controller(): object {
  const selector = { app: "controller" };
  const spec = { replicas: 2, selector, template: template("controller", [sleeper()]) };
  return {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: { name: "controller" },
    spec,
  };
}

/** Each of its pods says all the time which one it is: identityTurns reads it. */
function statefulSet(
  name: string,
  replicas: number,
  shared: string,
  more: { readonly volumeClaimTemplates?: readonly object[] },
  isSpread = false,
): object {
  const hasData = more.volumeClaimTemplates !== undefined;
  const keep = hasData ? `echo "$UID" >>/data/log; ` : "";
  const say = `${keep}trap 'exit 0' TERM; while :; do echo "$UID" >>"/shared/identity-$POD"; sleep 0.2; done`;
  const mounts = [
    { name: "shared", mountPath: "/shared" },
    ...(hasData ? [{ name: "data", mountPath: "/data" }] : []),
  ];
  const main = { ...container(say), env: identity, volumeMounts: mounts };
  const spec = { replicas, serviceName: name, podManagementPolicy: "Parallel", ...more };
  return workload("apps/v1", "StatefulSet", name, spec, [main], {
    volumes: [sharing(shared)],
    ...(isSpread ? { topologySpreadConstraints: [spread(name, "DoNotSchedule")] } : {}),
  });
}

function claim(): object {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } };
  return { metadata: { name: "data" }, spec };
}

function job(shared: string): object {
  const wait = `trap 'exit 1' TERM; until test -e /shared/${JOB_GATE}; do sleep 0.2; done`;
  const main = { ...container(wait), volumeMounts: [{ name: "shared", mountPath: "/shared" }] };
  const more = { restartPolicy: "Never", volumes: [sharing(shared)] };
  const spec = {
    completions: JOB_COMPLETIONS,
    parallelism: 3,
    template: template("job", [main], more),
  };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec };
}

/** A Job that is over soon. */
export function taskNamed(name: string): Job {
  const more = { restartPolicy: "Never" };
  const spec = { template: template(name, [container("date")], more) } as JobSpec;
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace: "default" }, spec };
}

/** Once a minute. */
function cronJob(): object {
  const { spec: jobSpec } = taskNamed("often");
  const spec = { schedule: "* * * * *", jobTemplate: { spec: jobSpec } };
  return { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "often" }, spec };
}
