import { describe, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import type { KubeObject } from "#api/machinery/meta";
import type { ContainerStatus, Event, Pod } from "#api/schema/types";
import { type Surroundings, whyLines } from "#api/why/explainer";
import { explainerOf, explainers } from "#api/why/index";

/** The whole answer about an object of which only what matters is said. */
function why(plural: string, fields: object, around: Surroundings = {}): string[] {
  const explainer = explainers.find((one) => one.plural === plural);
  if (!explainer) throw new Error(`nothing explains ${plural}`);
  const { spec = {}, status = {}, metadata = {} } = fields as Partial<Record<string, object>>;
  const place = explainer.isNamespaced ? { namespace: "shop" } : {};
  const object = {
    apiVersion: "v1",
    kind: explainer.kind,
    metadata: { name: "web", uid: "u-web", ...place, ...metadata },
    ...{ spec, status },
  };
  return [...whyLines(explainer, object as KubeObject, around)];
}

function pod(name: string, fields: { owner?: string; state?: object; spec?: object } = {}): Pod {
  const container: ContainerStatus = {
    ...{ name: "main", image: "web:1", imageID: "", ready: false, restartCount: 0 },
    state: fields.state ?? {},
  };
  const owner = {
    apiVersion: "v1",
    kind: "X",
    name: "x",
    uid: fields.owner ?? "",
    controller: true,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", uid: name, ownerReferences: [owner] },
    spec: { nodeName: "n1", containers: [{ name: "main", image: "web:1" }], ...fields.spec },
    status: { phase: "Pending", containerStatuses: [container] },
  };
}

function event(reason: string, message: string, type = "Warning"): Event {
  return {
    ...{ apiVersion: "v1", kind: "Event", type, reason, message },
    metadata: { name: reason, namespace: "shop" },
    involvedObject: { kind: "X", name: "web", uid: "u-web" },
  };
}

const noImage = { waiting: { reason: "ImagePullBackOff", message: "no such image" } };
const imageLine = "has no image; the pull is tried again after a while: no such image";

describe("why a deployment is as it is", () => {
  const set = {
    ...{ apiVersion: "apps/v1", kind: "ReplicaSet" },
    metadata: {
      ...{ name: "web-1", namespace: "shop", uid: "u-set" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "u-web", controller: true },
      ],
    },
    spec: { selector: {} },
  };

  test("a stuck roll-out is told with its pods' reasons, each once", () => {
    const conditions = [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "late" },
    ];
    const pods = ["a", "b"].map((name) => pod(name, { owner: "u-set", state: noImage }));
    const status = { replicas: 2, updatedReplicas: 2, readyReplicas: 0, conditions };
    expect(
      why("deployments", { spec: { replicas: 2 }, status }, { pods, replicaSets: [set] }),
    ).toEqual([
      "deployment shop/web is stuck: its roll-out has made no progress for 600 s; 0 of 2 pods are ready",
      `  pods a, b: is on node n1 and has not started yet; container main ${imageLine}`,
    ]);
  });

  test("a quota that refuses pods says which, and what would help", () => {
    const message = 'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1';
    const conditions = [
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message },
    ];
    const [state, reason] = why("deployments", { spec: { replicas: 3 }, status: { conditions } });
    expect(state).toBe("deployment shop/web has too few pods: 0 of 3 pods are ready");
    expect(reason).toContain("raise the ResourceQuota small, or end pods that it counts");
  });

  test("one that serves, one that rolls out, and one that is asleep", () => {
    const counts = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
    const spec = { replicas: 3 };
    expect(why("deployments", { spec, status: counts })).toEqual([
      "deployment shop/web serves: 3 of 3 pods are ready",
    ]);
    const swapping = { ...counts, replicas: 4, updatedReplicas: 2 };
    expect(why("deployments", { spec, status: swapping })[0]).toContain(
      "is rolling out: 2 pods are of the new version, 2 of the old, 3 serve",
    );
    expect(why("deployments", { spec: { replicas: 0 } })[0]).toContain("is scaled to 0");
  });
});

describe("why a pod is slow, or about to be killed", () => {
  const limits = { cpu: "100m", memory: "100Mi" };
  const one = pod("web", { spec: { containers: [{ name: "main", resources: { limits } }] } });
  const use = (cpu: string, memory: string) => [
    {
      metadata: { name: "web", namespace: "shop" },
      containers: [{ name: "main", usage: { cpu, memory } }],
    },
  ];
  const explainer = explainerOf({ group: "", plural: "pods" });

  test("a container at its cpu limit is throttled, one near its memory limit is warned of", () => {
    if (!explainer) throw new Error("nothing explains pods");
    const lines = whyLines(explainer, one, { podUse: use("99m", "95Mi") });
    expect(lines).toContain("  container main is throttled: it uses 99 % of its cpu limit 100m");
    expect(lines.join()).toContain("uses 95 % of its memory limit 100Mi");
    expect(whyLines(explainer, one, { podUse: use("50m", "20Mi") }).join()).not.toContain("limit");
  });

  test("a node that nobody may read is not called gone", () => {
    if (!explainer) throw new Error("nothing explains pods");
    expect(whyLines(explainer, one, {}).join()).not.toContain("not there");
    expect(whyLines(explainer, one, { nodes: [] }).join()).toContain("n1 is not there any more");
  });
});

describe("why other kinds are as they are", () => {
  test("a job that gave up names the pod that failed last", () => {
    const conditions = [
      {
        ...{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" },
        message: "Job has reached the specified backoff limit",
      },
    ];
    const failed = pod("web-x", { owner: "u-web", state: { terminated: { exitCode: 3 } } });
    failed.status = { ...failed.status, phase: "Failed" };
    expect(why("jobs", { status: { conditions } }, { pods: [failed] })).toEqual([
      "job shop/web has failed: BackoffLimitExceeded: Job has reached the specified backoff limit",
      "  pod web-x: has failed; container main ended: it exited with 3",
    ]);
  });

  test("a pending claim says what it waits for, and who waits for it", () => {
    const around = {
      events: [event("WaitForFirstConsumer", "waiting for first consumer", "Normal")],
      storageClasses: [],
      pods: [],
    };
    const spec = { storageClassName: "fast" };
    expect(why("persistentvolumeclaims", { spec, status: { phase: "Pending" } }, around)).toEqual([
      "persistentvolumeclaim shop/web is pending: it has no volume yet",
      "  WaitForFirstConsumer: waiting for first consumer",
      "  there is no storage class fast; there are: none",
      "  no pod uses it",
    ]);
  });

  test("an autoscaler at its maximum and one without room say so", () => {
    const spec = { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 5 };
    const limited = {
      ...{ type: "ScalingLimited", status: "True", reason: "TooManyReplicas" },
      message: "the desired replica count is more than the maximum replica count",
    };
    const status = { currentReplicas: 5, desiredReplicas: 5, conditions: [limited] };
    expect(why("horizontalpodautoscalers", { spec, status })).toEqual([
      "horizontalpodautoscaler shop/web holds deployment web at 5 replicas and wants 5, the most that it may ask for",
      "  TooManyReplicas: the desired replica count is more than the maximum replica count",
    ]);
    const noRoom = { type: "HasRoom", status: "False", reason: "Unschedulable", message: "full" };
    const lines = why("requestautoscalers", { spec, status: { ...status, conditions: [noRoom] } });
    expect(lines[1]).toBe("  Unschedulable: full");
  });

  test("an autoscaler that knows nothing says so, and not that it wants no replicas", () => {
    const spec = { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 5 };
    const first = (status: object): string | undefined =>
      why("horizontalpodautoscalers", { spec, ...status })[0];
    const fails = (type: string) => ({ conditions: [{ type, status: "False", reason: "Failed" }] });
    const counts = { currentReplicas: 2, desiredReplicas: 0 };
    expect(first({ status: { ...counts, ...fails("ScalingActive") } })).toContain(
      "holds deployment web at 2 replicas and cannot tell how many it needs",
    );
    expect(first({ status: counts })).toContain("wants 0");
    expect(first({ status: fails("AbleToScale") })).toContain("cannot scale deployment web");
    expect(first({})).toContain("has not looked at deployment web yet");
    expect(first({ status: { currentReplicas: 0 } })).toContain("lets deployment web sleep");
  });

  test("a node that is not heard, and one under pressure", () => {
    const silent = {
      type: "Ready",
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "old",
    };
    expect(why("nodes", { status: { conditions: [silent] } })).toEqual([
      "node web is not ready: NodeStatusUnknown: old",
    ]);
    const conditions = [
      { type: "Ready", status: "True" },
      { type: "MemoryPressure", status: "True", reason: "Low", message: "little is left" },
    ];
    expect(why("nodes", { status: { conditions } })[0]).toContain(
      "is ready, but under pressure: MemoryPressure: Low: little is left",
    );
  });

  test("an ingress names the backend that nothing answers for", () => {
    const backend = { service: { name: "cart", port: { number: 80 } } };
    const spec = { rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] };
    const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
    const cart = {
      ...{ apiVersion: "v1", kind: "Service", spec: { selector: { app: "cart" } } },
      metadata: { name: "cart", namespace: "shop" },
    };
    const none = { endpointSlices: [], pods: [] };
    expect(why("ingresses", { spec, status }, { services: [], ...none })[1]).toBe(
      "  service cart is not there: its paths are answered 503",
    );
    expect(why("ingresses", { spec, status }, { services: [cart], ...none })[1]).toBe(
      "  service cart has no ready endpoint: no pod has the labels that it selects: app=cart",
    );
  });

  test("requests that are held are counted, and a claim without a volume holds its pod", () => {
    const report = {
      ...{ apiVersion: "kaji.dev/v1alpha1", kind: "TrafficReport" },
      metadata: { name: "web-1", namespace: "shop" },
      spec: { service: "web", ingress: "one" },
      status: { waiting: 7 },
    };
    expect(why("services", {}, { trafficReports: [report] })).toContain(
      "  7 requests for service web are held until a pod is ready",
    );
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
    const around = { claims: [] };
    expect(why("pods", { spec: { containers: [], volumes } }, around)).toContain(
      "  its claim data is not there",
    );
  });

  test("a tenant that failed says why", () => {
    const conditions = [{ type: "Ready", status: "False", reason: "X", message: "no such plan" }];
    const lines = why("tenants", { spec: { plan: "p" }, status: { phase: "Failed", conditions } });
    expect(lines).toEqual(["tenant web has failed: no such plan"]);
  });
});

describe("every explainer", () => {
  test("is of a kind that there is, and says something of the barest object of it", () => {
    for (const { kind, plural, version } of explainers) {
      const found = kinds.find((one) => one.kind === kind && one.plural === plural);
      expect(found, kind).toMatchObject({ version });
      expect(
        why(plural, { spec: { scaleTargetRef: { kind: "X" }, containers: [] } })[0],
        kind,
      ).toContain("web");
    }
  });
});
