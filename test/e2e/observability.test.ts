import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "#kit/package-root";
import type { Span } from "#kit/trace";
import { servedMetrics } from "#scripts/reference/metrics";
import { busyboxTar, createCluster, type Finished, type TestCluster } from "#test/support/cluster";
import { eventually, freePorts, requireHost } from "#test/support/host";

/** What one machine's cluster says of itself: metrics, logs, traces, and spans to a collector. */
const MONITORING = join(packageRoot(), "manifests/monitoring");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
let cluster: TestCluster | undefined;
let scratch: string | undefined;
let collector: Server | undefined;
const collected: { name: string; traceId: string }[] = [];
let metricsPort = 0;

beforeEach(async (context) => {
  requireHost(context, { root: true, programs: ["nginx", "nft", "ip", "busybox", "kubectl"] });
  if (cluster) return;
  [metricsPort = 0] = await freePorts(1);
  const endpoint = await startCollector();
  cluster = await createCluster({
    ...{ podCidr: "10.106.0.0/16", serviceCidr: "10.156.0.0/16" },
    flags: ["--ingress-metrics-port", String(metricsPort), "--trace-endpoint", endpoint],
  });
  scratch = mkdtempSync(join(tmpdir(), "kaji-observability-"));
  done(await cluster.up());
  done(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
});

afterAll(async () => {
  await cluster?.dispose();
  collector?.close();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

const there = (): TestCluster => cluster as TestCluster;

function done({ code, stdout, stderr }: Finished): string {
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

interface Collected {
  readonly resourceSpans: {
    readonly scopeSpans: { readonly spans: { name: string; traceId: string }[] }[];
  }[];
}

/** Takes what OTLP's JSON form says, as Jaeger would. */
async function startCollector(): Promise<string> {
  collector = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on("end", () => {
      const { resourceSpans } = JSON.parse(body) as Collected;
      for (const { scopeSpans } of resourceSpans)
        for (const { spans } of scopeSpans) collected.push(...spans);
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => collector?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
}

const deployment = (name: string, greeting: string): unknown => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment" },
  metadata: { name, namespace: "default" },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name }, annotations: { greeting } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            ...{ name: "main", image: "kaji.dev/busybox:latest", imagePullPolicy: "Never" },
            command: ["sleep", "3600"],
          },
        ],
      },
    },
  },
});

interface Kubeconfig {
  readonly clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  readonly users: { user: Record<"client-certificate-data" | "client-key-data", string> }[];
}

/** As the kubeconfig's user, with headers that kubectl cannot send. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { clusters, users } = parse(readFileSync(there().kubeconfig, "utf8")) as Kubeconfig;
  const { server, "certificate-authority-data": ca } = clusters[0]?.cluster ?? expect.fail();
  const user = users[0]?.user ?? expect.fail();
  const bytes = (text: string): Buffer => Buffer.from(text, "base64");
  const [cert, key] = [bytes(user["client-certificate-data"]), bytes(user["client-key-data"])];
  return new Promise((resolve, reject) => {
    const identity = headers.authorization ? {} : { cert, key };
    const options = { method, headers, ca: bytes(ca), ...identity, agent: false };
    const sent = request(new URL(path, server), options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

async function spansOf(what: string): Promise<readonly Span[]> {
  const { code, stdout } = await there().kaji("trace", what, "-o", "json");
  if (code !== 0) return [];
  return (JSON.parse(stdout) as { traces: { spans: Span[] }[] }).traces[0]?.spans ?? [];
}

const PARTS = [
  "apiserver",
  "store",
  "watch",
  "controller",
  "scheduler",
  "gateway",
  "agent",
  "runtime",
];

/** When the container runs, every part has said what it did. */
async function wholeTraceOf(what: string): Promise<readonly Span[]> {
  return eventually(
    `${what} is followed to the start of its container`,
    async () => {
      const spans = await spansOf(what);
      const parts = new Set(spans.map(({ component }) => component));
      const isReported = spans.some(
        ({ name }) => name === "patch pods status" || name === "update pods status",
      );
      return isReported && PARTS.every((part) => parts.has(part)) ? spans : undefined;
    },
    60_000,
  );
}

test("what kubectl applies is followed to the container's start", async () => {
  const manifest = JSON.stringify(deployment("web", "hello"));
  done(await there().kubectlInput(manifest, "apply", "-f", "-"));
  done(await there().kubectl("rollout", "status", "deployment/web", "--timeout=60s"));
  const spans = await wholeTraceOf("deployment/web");
  const find = (component: string, name: string): Span =>
    spans.find((span) => span.component === component && span.name.startsWith(name)) ??
    expect.fail(`${component} ${name}`);
  const steps = [
    find("apiserver", "create deployments"),
    find("apiserver", "create replicasets"),
    find("apiserver", "create pods"),
    find("scheduler", "attempt"),
    find("runtime", "sandbox"),
    find("runtime", "create main"),
    find("runtime", "start main"),
  ];
  expect(steps.map(({ startMs }) => startMs)).toEqual(
    steps.map(({ startMs }) => startMs).toSorted((a, b) => a - b),
  );
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(steps[0]?.fields).toMatchObject({ status: 201, auditId: expect.any(String) });
  const shown = done(await there().kaji("trace", "deployment/web"));
  expect(shown).toMatch(/^trace [0-9a-f]{32}: \d+ spans of [89] parts in /);
  expect(shown).toContain("start main");
  const objects = done(await there().kubectl("get", "deployments,replicasets,pods", "-o", "json"));
  expect(objects).not.toContain(spans[0]?.traceId);
});

test("a trace of the caller's own goes on, and is answered", async () => {
  const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
  const headers = { traceparent, "audit-id": "mine-1", "content-type": "application/json" };
  const answer = await send("POST", DEPLOYMENTS, headers, deployment("own", "hello"));
  expect(answer.status, answer.text).toBe(201);
  expect(answer.headers).toMatchObject({
    "audit-id": "mine-1",
    traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`)),
  });
  const spans = await wholeTraceOf(TRACE);
  expect(spans[0]).toMatchObject({ name: "create deployments", parentId: "00f067aa0ba902b7" });
  await eventually("the collector has them too", () =>
    collected.some(({ traceId, name }) => traceId === TRACE && name === "scheduler: attempt"),
  );
});

test("a second change is a trace of its own, with the old pods' end in it", async () => {
  const manifest = JSON.stringify(deployment("web", "good day"));
  const [before] = await spansOf("deployment/web");
  done(await there().kubectlInput(manifest, "apply", "-f", "-"));
  done(await there().kubectl("rollout", "status", "deployment/web", "--timeout=60s"));
  const spans = await eventually("the old pod's container is stopped", async () => {
    const found = await spansOf("deployment/web");
    return found.some(({ name }) => name.startsWith("stopContainer main")) ? found : undefined;
  });
  expect(spans[0]?.name).toBe("patch deployments");
  expect(spans[0]?.traceId).not.toBe(before?.traceId);
});

interface PrometheusConfig {
  readonly scrape_configs: {
    readonly job_name: string;
    readonly relabel_configs?: { readonly target_label: string; readonly replacement?: string }[];
  }[];
}

test("with the rights of the manifests a Prometheus reads what its configuration asks for, and no more", async () => {
  done(await there().kubectl("apply", "-f", join(MONITORING, "reader.yaml")));
  const made = await there().kubectl(
    "create",
    "token",
    "prometheus",
    "-n",
    "kube-system",
    "--duration",
    "24h",
  );
  const headers = { authorization: `Bearer ${done(made).trim()}` };
  const config = parse(
    readFileSync(join(MONITORING, "prometheus.yml"), "utf8"),
  ) as PrometheusConfig;
  const agents = config.scrape_configs.find(({ job_name }) => job_name === "kaji-agents");
  const path = agents?.relabel_configs?.find((one) => one.target_label === "__metrics_path__");
  const nodePath = path?.replacement?.replace("$1", "node-1") ?? "";
  const statuses = await Promise.all(
    ["/metrics", "/api/v1/nodes", nodePath, "/api/v1/pods", "/kaji/v1/traces"].map(
      async (one) => (await send("GET", one, headers)).status,
    ),
  );
  expect(statuses).toEqual([200, 200, 200, 403, 403]);
  for (const one of ["/metrics", "/api/v1/nodes/node-1/proxy/metrics"])
    expect(done(await there().kubectl("get", "--raw", one))).toContain("# TYPE ");
});

function namesIn(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
}

const documented = (process: string): string[] =>
  servedMetrics()
    .filter((served) => served.process === process)
    .flatMap(({ parts }) => parts.flatMap(({ metrics }) => metrics))
    .map(({ name, type }) => `${name} ${type}`);

test("server, agent and ingress serve exactly the metrics that are documented", async () => {
  const server = await send("GET", "/metrics");
  const agent = await send("GET", "/api/v1/nodes/node-1/proxy/metrics");
  const ingress = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  for (const [process, text] of [
    ["server", server.text],
    ["agent", agent.text],
    ["ingress", ingress],
  ] as const) {
    expect(namesIn(text).toSorted(), process).toEqual(documented(process).toSorted());
    expect(text, process).not.toMatch(/ NaN$/m);
  }
  expect(server.text).toContain('apiserver_storage_objects{resource="deployments.apps"} 2\n');
  expect(server.text).toMatch(
    /controller_runtime_reconcile_total\{controller="deployment",result="success"\} [1-9]/,
  );
  expect(server.text).toContain("kaji_gateway_connected_nodes 1\n");
  expect(agent.text).toContain("kubelet_running_pods 2\n");
  expect(agent.text).toMatch(
    /kubelet_runtime_operations_total\{operation_type="start_container"\} [3-9]/,
  );
  expect(agent.text).toMatch(/kubelet_pod_start_duration_seconds_count [3-9]/);
  expect(agent.text).toContain("kaji_agent_connected 1\n");
  expect(ingress).toContain("nginx_ingress_controller_config_last_reload_successful 1\n");
});

test("each line of the three logs is an object with time, level, component and message", () => {
  for (const component of ["server", "agent", "ingress"]) {
    const text = readFileSync(join(there().locations.log, `${component}.log`), "utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    expect(lines.length, component).toBeGreaterThan(0);
    for (const line of lines) {
      expect(JSON.parse(line), line).toMatchObject({
        ...{ component, message: expect.any(String) },
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
    }
  }
});
