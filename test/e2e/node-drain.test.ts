import { expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** cordon, drain and uncordon by the real kubectl on a real node. Tests in order. */
const WAIT_MS = 40_000;
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const at = parityCluster({ podCidr: "10.159.0.0/16", serviceCidr: "10.160.0.0/16" });

function workload(kind: string, name: string, spec: object = {}) {
  const template = { metadata: { labels: { app: name } }, spec: shellPod("", STAY).spec };
  const selector = { matchLabels: { app: name } };
  return { apiVersion: "apps/v1", kind, metadata: { name }, spec: { selector, template, ...spec } };
}

async function podsOf(app: string): Promise<Pod[]> {
  return JSON.parse(await at.kubectl("get", "pods", "-l", `app=${app}`, "-o", "json")).items;
}

test("a cordoned node is tainted, gets no new pods and keeps those it has", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await at.apply(
    workload("DaemonSet", "everywhere"),
    workload("Deployment", "web", { replicas: 2 }),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
    },
    shellPod("bare", STAY),
    shellPod("with-files", STAY, {}, { volumes: [{ name: "files", emptyDir: {} }] }),
  );
  await at.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  await at.kubectl("rollout", "status", "daemonset/everywhere", "--timeout=60s");
  await at.kubectl("cordon", "node-1");
  await eventually(
    "the node is tainted",
    async () => {
      const node: Node = JSON.parse(await at.kubectl("get", "node", "node-1", "-o", "json"));
      return node.spec.taints?.some(({ key }) => key === "node.kubernetes.io/unschedulable");
    },
    WAIT_MS,
  );
  await at.apply(shellPod("late", STAY));
  await eventually(
    "the late pod says why it waits",
    async () => (await at.kubectl("describe", "pod", "late")).includes("were unschedulable"),
    WAIT_MS,
  );
  expect(await podsOf("everywhere")).toMatchObject([{ status: { phase: "Running" } }]);
});

test("drain names all that it must not take", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const refusal = await at.refused("drain", "node-1", "--timeout=60s");
  expect(refusal).toMatch(/cannot delete DaemonSet-managed Pods .*default\/everywhere-/);
  expect(refusal).toMatch(/cannot delete Pods with local storage .*default\/with-files/);
  expect(refusal).toMatch(/cannot delete .*declare no controller .*default\/bare/);
});

test("drain waits for the budget, and takes the rest", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const flags = ["--force", "--ignore-daemonsets", "--delete-emptydir-data"];
  const refusal = await at.refused("drain", "node-1", ...flags, "--timeout=8s");
  expect(refusal).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
  // The only node is cordoned: the evicted one of two has nowhere to go.
  await eventually("one is left", async () => {
    const left = (await podsOf("web")).filter(({ spec }) => spec.nodeName !== undefined);
    return left.length === 1;
  });
  await at.kubectl("delete", "pdb", "web");
  expect(await at.kubectl("drain", "node-1", ...flags, "--timeout=60s")).toContain("drained");
  const all: Pod[] = JSON.parse(await at.kubectl("get", "pods", "-o", "json")).items;
  const bound = all.filter(({ spec }) => spec.nodeName === "node-1");
  expect(bound.map(({ metadata }) => metadata.labels?.["app"])).toEqual(["everywhere"]);
});

test("uncordon lets the waiting pods in", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await at.kubectl("uncordon", "node-1");
  await at.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  await at.kubectl("wait", "pod/late", "--for=condition=Ready", "--timeout=60s");
  expect(await at.kubectl("get", "pod", "late", "-o", "jsonpath={.spec.containers[0].image}")).toBe(
    BUSYBOX,
  );
});
