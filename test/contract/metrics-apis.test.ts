import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import { connectPrometheus } from "#control-plane/metrics/prometheus";
import { parseMetricRules } from "#control-plane/metrics/rules";
import { createMetricsSource } from "#control-plane/metrics/source";
import { pod, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { type Series, startPrometheus, type TestPrometheus } from "#test/support/prometheus";

/** custom.metrics.k8s.io and external.metrics.k8s.io over HTTP paths, from a Prometheus. */
let prometheus: TestPrometheus;
let api: TestApi;
let nowMs = Date.now();

const overrides = {
  namespace: { resource: "namespace" },
  pod: { resource: "pod" },
  ingress: { group: "networking.k8s.io", resource: "ingress" },
};
const rules = parseMetricRules({
  rules: [
    {
      seriesQuery: '{__name__=~"^http_.*_total$",namespace!=""}',
      resources: { overrides },
      name: { matches: "^(.*)_total$", as: "${1}_per_second" },
      metricsQuery: "sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)",
    },
    {
      seriesQuery: '{__name__="load",namespace!=""}',
      resources: { template: "<<.Resource>>" },
    },
  ],
  externalRules: [
    { seriesQuery: '{__name__="queue_length"}', resources: { namespaced: false } },
    {
      seriesQuery: '{__name__="jobs"}',
      metricsQuery: "sum(<<.Series>>{<<.LabelMatchers>>}) by (queue)",
    },
  ],
});

const requests = (
  namespace: string,
  podName: string,
  perSecond: number,
  status = "200",
): Series => ({
  labels: { __name__: "http_requests_total", namespace, pod: podName, status },
  ...{ value: 9, perSecond },
});
const SERIES: Series[] = [
  requests("default", "web-1", 2.5),
  requests("default", "web-2", 4),
  requests("default", "web-2", 1, "500"),
  requests("other", "web-1", 1000),
  {
    labels: { __name__: "http_hits_total", namespace: "default", ingress: "main" },
    value: 9,
    perSecond: 7,
  },
  { labels: { __name__: "load", namespace: "default", pod: "web-1" }, value: 0.25 },
  { labels: { __name__: "load", namespace: "default", pod: "web-2" }, value: Number.NaN },
  { labels: { __name__: "queue_length", queue: "mails" }, value: 30 },
  { labels: { __name__: "queue_length", queue: "bills" }, value: 12 },
  { labels: { __name__: "jobs", namespace: "default", queue: "a" }, value: 3 },
  { labels: { __name__: "jobs", namespace: "other", queue: "a" }, value: 500 },
];

beforeAll(async () => {
  prometheus = await startPrometheus();
  const client = connectPrometheus(prometheus.url, () => nowMs, {
    timeoutMs: 300,
    maxAnswerBytes: 100_000,
  });
  api = await startTestApi("memory:", {
    metricsSource: createMetricsSource(client, rules, () => nowMs),
  });
  const metadata = { name: "other" };
  await api.client.create(namespaceKind, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
    spec: {},
  });
  for (const name of ["web-1", "web-2"]) {
    const made = pod(name);
    await api.client.create(podKind, {
      ...made,
      metadata: { ...made.metadata, labels: { app: "web", name } },
    });
  }
});
beforeEach(async () => {
  prometheus.misbehave(undefined);
  await prometheus.set(SERIES);
});
afterAll(async () => {
  await api.close();
  await prometheus.stop();
});

const CUSTOM = "/apis/custom.metrics.k8s.io/v1beta2";
const EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1";
const query = (one: Record<string, string>): string => `?${new URLSearchParams(one).toString()}`;

interface Item {
  readonly describedObject?: {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  };
  readonly metricLabels?: object;
  readonly value: string;
}
async function items(path: string, client = api.client): Promise<readonly Item[]> {
  return ((await client.raw("GET", path)) as { items: Item[] }).items;
}
const figures = async (path: string): Promise<string[]> =>
  (await items(path))
    .map(({ describedObject, value }) => `${describedObject?.name}=${value}`)
    .sort();

describe("custom metrics", () => {
  test("are listed as resources of their group", async () => {
    const { resources } = (await api.client.raw("GET", CUSTOM)) as {
      resources: { name: string }[];
    };
    expect(resources.map(({ name }) => name)).toEqual([
      "ingresses.networking.k8s.io/http_hits_per_second",
      "namespaces/http_hits_per_second",
      "namespaces/http_requests_per_second",
      "namespaces/load",
      "pods/http_requests_per_second",
      "pods/load",
    ]);
    const groups = (await api.client.raw("GET", "/apis")) as { groups: { name: string }[] };
    expect(groups.groups.map(({ name }) => name)).toContain("custom.metrics.k8s.io");
  });

  test("of all pods, of some by label, of one, and by the metric's own labels", async () => {
    const path = `${CUSTOM}/namespaces/default/pods`;
    const metric = "http_requests_per_second";
    expect(await items(`${path}/*/${metric}`)).toMatchObject([
      {
        describedObject: { kind: "Pod", namespace: "default", name: "web-1", apiVersion: "v1" },
        metric: { name: metric },
        value: "2500m",
      },
      { describedObject: { name: "web-2" }, value: "5" },
    ]);
    expect(await figures(`${path}/*/${metric}${query({ labelSelector: "name=web-2" })}`)).toEqual([
      "web-2=5",
    ]);
    expect(await figures(`${path}/web-1/${metric}`)).toEqual(["web-1=2500m"]);
    const errorsOnly = query({ metricLabelSelector: "status in (500,503)" });
    expect(await figures(`${path}/*/${metric}${errorsOnly}`)).toEqual(["web-2=1"]);
    expect(await figures(`${path}/*/load`)).toEqual(["web-1=250m"]);
  });

  test("of an object of a group, and of the namespace itself", async () => {
    const ingress = `${CUSTOM}/namespaces/default/ingresses.networking.k8s.io/main/http_hits_per_second`;
    expect(await figures(ingress)).toEqual(["main=7"]);
    expect(await figures(`${CUSTOM}/namespaces/other/metrics/http_requests_per_second`)).toEqual([
      "other=1k",
    ]);
  });

  test.each([
    [
      `${CUSTOM}/namespaces/default/pods/*/absent`,
      404,
      "the server could not find the metric absent for pods",
    ],
    [
      `${CUSTOM}/namespaces/default/ingresses.networking.k8s.io/none/http_hits_per_second`,
      404,
      "the server could not find the metric http_hits_per_second for ingresses.networking.k8s.io none",
    ],
    [
      `${CUSTOM}/namespaces/default/gizmos/a/load`,
      404,
      "the server could not find the requested resource",
    ],
    [`${CUSTOM}/pods/web-1/load`, 404, "the server could not find the requested resource"],
    [
      `${CUSTOM}/namespaces/default/pods/*/load${query({ metricLabelSelector: "a.b/c=d" })}`,
      400,
      '"a.b/c" is not a label of Prometheus: metrics are selected by names such as status_code',
    ],
  ])("%s is %i", async (path, code, message) => {
    await expect(api.client.raw("GET", path)).rejects.toMatchObject({ code, message });
  });

  test("that come later are found after a moment", async () => {
    const path = `${CUSTOM}/namespaces/default/pods/*/http_late_per_second`;
    await expect(api.client.raw("GET", path)).rejects.toThrow("could not find the metric");
    const late = requests("default", "web-1", 3);
    await prometheus.set([
      ...SERIES,
      { ...late, labels: { ...late.labels, __name__: "http_late_total" } },
    ]);
    nowMs += 6_000;
    expect(await figures(path)).toEqual(["web-1=3"]);
  });

  test("without an answer are a 503 that says what the Prometheus did", async () => {
    nowMs += 120_000;
    prometheus.misbehave((response) => response.end("no"));
    await expect(
      api.client.raw("GET", `${CUSTOM}/namespaces/default/pods/*/load`),
    ).rejects.toMatchObject({
      code: 503,
      message:
        "the configured Prometheus answered with something that is not JSON: is it a Prometheus?",
    });
  });
});

describe("external metrics", () => {
  test("are of the namespace, or where the rule says so of all", async () => {
    expect(await items(`${EXTERNAL}/namespaces/default/jobs`)).toMatchObject([
      { metricName: "jobs", metricLabels: { queue: "a" }, value: "3" },
    ]);
    const mails = `${EXTERNAL}/namespaces/default/queue_length${query({ labelSelector: "queue=mails" })}`;
    expect((await items(mails)).map(({ value }) => value)).toEqual(["30"]);
    expect(
      (await items(`${EXTERNAL}/namespaces/other/queue_length`)).map(({ value }) => value),
    ).toEqual(["42"]);
  });

  test("that are not there are not found", async () => {
    await expect(
      api.client.raw("GET", `${EXTERNAL}/namespaces/default/absent`),
    ).rejects.toMatchObject({
      code: 404,
      message: "the server could not find the metric absent",
    });
  });
});

describe("a user", () => {
  const ann = { name: "ann", groups: ["system:authenticated"] };

  test("needs the right to a metric, and it holds in its namespace alone", async () => {
    const path = (namespace: string) => `${CUSTOM}/namespaces/${namespace}/pods/*/load`;
    const client = api.clientFor(ann);
    await expect(client.raw("GET", path("default"))).rejects.toThrow(
      'pods.custom.metrics.k8s.io "*" is forbidden: User "ann" cannot get resource "pods/load" in API group "custom.metrics.k8s.io" in the namespace "default"',
    );
    const metadata = { name: "reader", namespace: "default" };
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const rule = { apiGroups: ["custom.metrics.k8s.io"], resources: ["pods/load"], verbs: ["get"] };
    await api.client.create(roleKind, { apiVersion, kind: "Role", metadata, rules: [rule] });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
    const subjects = [{ kind: "User", name: "ann", apiGroup: "rbac.authorization.k8s.io" }];
    await api.client.create(roleBindingKind, {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef,
      subjects,
    });
    expect(await items(path("default"), client)).toHaveLength(1);
    await expect(client.raw("GET", path("other"))).rejects.toMatchObject({ code: 403 });
  });

  test.each([
    [
      "a namespace",
      `${CUSTOM}/namespaces/${encodeURIComponent('x"} or load{pod=~".*')}/pods/web-1/load`,
    ],
    [
      "a pod",
      `${CUSTOM}/namespaces/default/pods/${encodeURIComponent('x"} or load{namespace="other')}/load`,
    ],
    [
      "a pod with a regular expression",
      `${CUSTOM}/namespaces/default/pods/${encodeURIComponent("web-.*")}/load`,
    ],
    [
      "a metric",
      `${CUSTOM}/namespaces/default/pods/*/${encodeURIComponent('load{namespace="other"} or load')}`,
    ],
    [
      "an external metric",
      `${EXTERNAL}/namespaces/default/${encodeURIComponent('jobs or jobs{namespace="other"}')}`,
    ],
    [
      "an external metric's namespace",
      `${EXTERNAL}/namespaces/${encodeURIComponent('x",namespace=~".+')}/jobs`,
    ],
  ])("gets no figure of others by the name of %s", async (_, path) => {
    const before = prometheus.questions.length;
    const found = await items(path).catch((error: Error) => error.message);
    if (typeof found === "string") expect(found).toMatch(/could not find the metric/);
    else expect(found).toEqual([]);
    const asked = prometheus.questions.slice(before).map(({ form }) => form.get("query") ?? "");
    // Whatever was asked, it was one selector with the name as one quoted value.
    for (const one of asked) expect(one).not.toMatch(/[^\\]"\}? or/);
  });

  test("gets no figure of another namespace by a label selector", async () => {
    for (const selector of [
      "namespace=other",
      "namespace in (other,default)",
      "namespace!=default",
    ]) {
      const parameters = query({ metricLabelSelector: selector });
      const found = await figures(
        `${CUSTOM}/namespaces/default/pods/*/http_requests_per_second${parameters}`,
      );
      expect(found.join()).not.toContain("1k");
      const external = `${EXTERNAL}/namespaces/default/jobs${query({ labelSelector: selector })}`;
      expect((await items(external)).map(({ value }) => value)).not.toContain("500");
    }
  });
});
