import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster } from "#test/support/parity";
import { type Series, startPrometheus, type TestPrometheus } from "#test/support/prometheus";

/** Autoscaling by metrics of a Prometheus, as kubectl shows it: pods, an object, and from outside down to zero. */
const RULES = `
rules:
- seriesQuery: 'http_requests_total{namespace!="",pod!=""}'
  resources:
    overrides: {namespace: {resource: namespace}, pod: {resource: pod}}
  name: {matches: "^(.*)_total$", as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
- seriesQuery: hits{namespace!=""}
  resources:
    overrides: {namespace: {resource: namespace}, ingress: {group: networking.k8s.io, resource: ingress}}
externalRules:
- seriesQuery: queue_length
  resources: {namespaced: false}
`;
const TWO_LOOKS_MS = 45_000;

let prometheus: TestPrometheus;
const folder = mkdtempSync(join(tmpdir(), "kaji-hpa-"));
const rules = join(folder, "rules.yaml");
writeFileSync(rules, RULES);
const flags: string[] = ["--metrics-rules", rules];
// Before the cluster's own: it is told the address.
beforeAll(async () => {
  prometheus = await startPrometheus();
  flags.push("--prometheus", prometheus.url);
});
const at = parityCluster({ podCidr: "10.239.0.0/16", serviceCidr: "10.89.0.0/16", flags });
afterAll(async () => {
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});
const { kubectl, apply } = at;

async function deploy(name: string, replicas: number): Promise<void> {
  const labels = { app: name };
  const container = { name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent" };
  const containers = [{ ...container, command: ["sleep", "1000"] }];
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  await apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec });
  await kubectl("rollout", "status", `deployment/${name}`, "--timeout=60s");
}

async function autoscale(name: string, metric: object, minReplicas: number): Promise<void> {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name };
  const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
  const spec = { scaleTargetRef, minReplicas, maxReplicas: 4, metrics: [metric], behavior };
  await apply({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name },
    spec,
  });
}

const replicas = (name: string) =>
  kubectl("get", "deployment", name, "-o", "jsonpath={.spec.replicas}");
const hasReplicas = (name: string, count: string) =>
  eventually(
    `${name} has ${count} replicas`,
    async () => (await replicas(name)) === count,
    TWO_LOOKS_MS,
  );
const queue = (value: number): Series => ({ labels: { __name__: "queue_length" }, value });

test("kubectl reads the metrics, and autoscalers go by those of pods and of an object", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await deploy("web", 2);
  const pods = (
    await kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}")
  ).split(" ");
  const busy = pods.map(
    (pod): Series => ({
      labels: { __name__: "http_requests_total", namespace: "default", pod },
      ...{ value: 100, perSecond: 15 },
    }),
  );
  const hits = { labels: { __name__: "hits", namespace: "default", ingress: "main" }, value: 40 };
  await prometheus.set([...busy, hits]);
  const path =
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/http_requests_per_second";
  const read = JSON.parse(await kubectl("get", "--raw", path)) as { items: { value: string }[] };
  expect(read.items.map(({ value }) => value)).toEqual(["15", "15"]);
  expect(await kubectl("get", "--raw", "/apis/custom.metrics.k8s.io/v1beta2")).toContain(
    "pods/http_requests_per_second",
  );

  const target = { type: "AverageValue", averageValue: "10" };
  await autoscale(
    "web",
    { type: "Pods", pods: { metric: { name: "http_requests_per_second" }, target } },
    1,
  );
  await hasReplicas("web", "3");
  expect(await kubectl("describe", "hpa", "web")).toMatch(
    /New size: 3; reason: pods metric http_requests_per_second above target/,
  );
  await kubectl("delete", "hpa", "web");
  const describedObject = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: "main" };
  const object = {
    describedObject,
    metric: { name: "hits" },
    target: { type: "AverageValue", averageValue: "10" },
  };
  await autoscale("web", { type: "Object", object }, 1);
  await hasReplicas("web", "4");
  expect(await kubectl("get", "hpa", "web")).toMatch(/Deployment\/web\s+\S+\/10 \(avg\)/);
});

test("an empty queue takes a workload to zero and a full one wakes it; a lost Prometheus is said and changes nothing", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await prometheus.set([queue(0)]);
  await deploy("worker", 1);
  const target = { type: "AverageValue", averageValue: "10" };
  await autoscale(
    "worker",
    { type: "External", external: { metric: { name: "queue_length" }, target } },
    0,
  );
  await hasReplicas("worker", "0");
  await prometheus.set([queue(25)]);
  await hasReplicas("worker", "3");
  prometheus.misbehave((response) => response.destroy());
  await eventually(
    "the condition says it",
    async () =>
      /ScalingActive\s+False\s+FailedGetExternalMetric\s+the HPA was unable to compute the replica count: .*the configured Prometheus cannot be reached/.test(
        await kubectl("describe", "hpa", "worker"),
      ),
    TWO_LOOKS_MS,
  );
  expect(await replicas("worker")).toBe("3");
  prometheus.misbehave(undefined);
}, 150_000);

test("flags that do not go together are refused in a sentence", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const server = async (...given: string[]) => (await at.cluster.kaji("server", ...given)).stderr;
  expect(await server("--prometheus", prometheus.url)).toBe(
    "kaji: --prometheus needs --metrics-rules beside it: one says where the metrics are, the other which they are\n",
  );
  expect(await server("--prometheus", "ftp://x", "--metrics-rules", rules)).toContain(
    "is not the URL of a Prometheus",
  );
  const bad = join(folder, "bad.yaml");
  writeFileSync(bad, "rules: [{seriesQuery: up, metricsQuery: up}]");
  expect(await server("--prometheus", prometheus.url, "--metrics-rules", bad)).toBe(
    `kaji: --metrics-rules ${bad}: rules[0].metricsQuery: it lacks <<.LabelMatchers>>, which says whose figures are asked for\n`,
  );
});
