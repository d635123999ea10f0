import { kinds } from "#api/kinds/index";
import { createClusterMetrics } from "#control-plane/apiserver/observability/cluster-metrics";
import { measuredStore } from "#control-plane/apiserver/observability/measured-store";
import { createServerMetrics } from "#control-plane/apiserver/observability/server-metrics";
import { createFlowMetrics } from "#control-plane/apiserver/flow-control/metrics";
import { createStoreSize, createWorkerMetrics } from "#control-plane/observing";
import { nginxMetrics } from "#ingress/metrics/exposition";
import { createIngressMetrics } from "#ingress/metrics/own-metrics";
import { coldStartsMetric } from "#ingress/wake/cold-starts";
import { describeMetrics, type MetricDescription } from "#kit/metrics";
import { createProcessMetrics } from "#kit/process-metrics";
import { createAgentMetrics } from "#node-agent/observability/agent-metrics";
import { page, type Page, quoted, table } from "#scripts/reference/markdown";

/** What each process serves at /metrics, read from the registrations: by what is served, then by part. */
export interface ServedMetrics {
  readonly process: "server" | "agent" | "ingress";
  readonly parts: readonly {
    readonly part: string;
    readonly metrics: readonly MetricDescription[];
  }[];
}

export function servedMetrics(): readonly ServedMetrics[] {
  const noFeed = { serves: () => false, cacheOf: () => undefined as never };
  const heard = { committed: () => undefined, watched: () => undefined };
  const workers = createWorkerMetrics();
  const process = { part: "Process", metrics: describeMetrics(createProcessMetrics()) };
  return [
    {
      process: "server",
      parts: [
        { part: "API server", metrics: describeMetrics(createServerMetrics(() => []).registry) },
        {
          part: "Flow control",
          metrics: describeMetrics(createFlowMetrics(new Map(), () => 0).registry),
        },
        {
          part: "Store",
          metrics: [
            ...describeMetrics(measuredStore(undefined as never, heard).registry),
            ...describeMetrics(createStoreSize("")),
          ],
        },
        { part: "Scheduler", metrics: describeMetrics(workers.scheduler.registry) },
        { part: "Controllers", metrics: describeMetrics(workers.controllers.registry) },
        { part: "Node gateway", metrics: describeMetrics(workers.gateway.registry) },
        {
          part: "The cluster's objects",
          metrics: describeMetrics(createClusterMetrics(noFeed)),
        },
        process,
      ],
    },
    {
      process: "agent",
      parts: [
        {
          part: "Pods, runtime, images, DNS",
          metrics: describeMetrics(createAgentMetrics().registry),
        },
        process,
      ],
    },
    {
      process: "ingress",
      parts: [
        { part: "nginx", metrics: [...Object.values(nginxMetrics), coldStartsMetric] },
        { part: "Controller", metrics: describeMetrics(createIngressMetrics().registry) },
        process,
      ],
    },
  ];
}

const TITLES = {
  server: ["Server", "`/metrics` of the API, for whoever may `get` the path `/metrics`."],
  agent: [
    "Node agent",
    "`/api/v1/nodes/NAME/proxy/metrics` of the API, for whoever may `get` `nodes/proxy`. Agents open no port.",
  ],
  ingress: ["Ingress", "`http://127.0.0.1:PORT/metrics` with `--ingress-metrics-port PORT`."],
} as const;

export const metricsPage: Page = {
  path: "docs/reference/metrics.md",
  render: () =>
    page(
      "Metrics",
      "Generated from the registrations by `npm run docs`; a test scrapes a real server, agent and ingress and compares. How to scrape them: [observability](../observability.md).",
      `Labels have bounded values: names of kinds (${kinds.length} and those of the API's other resources), of controllers, operations, codes, states. No label names a pod or a user; those of nginx name hosts and paths of Ingresses, at most 20000 series. A histogram is served as \`NAME_bucket\`, \`NAME_sum\` and \`NAME_count\`.`,
      ...servedMetrics().flatMap(({ process, parts }) => [
        `## ${TITLES[process][0]}`,
        TITLES[process][1],
        ...parts.flatMap(({ part, metrics }) => [`### ${part}`, metricsTable(metrics)]),
      ]),
    ),
};

function metricsTable(metrics: readonly MetricDescription[]): string {
  return table(
    ["Name", "Type", "Unit", "Labels", "Meaning"],
    metrics.map(({ name, type, labels, help }) => [
      quoted(name),
      type,
      unitOf(name),
      labels.map(quoted).join(", "),
      help,
    ]),
  );
}

/** As Prometheus' naming has it: the unit is the last word, before "total". */
function unitOf(name: string): string {
  const [last = ""] = name
    .replace(/_total$/, "")
    .split("_")
    .slice(-1);
  if (["seconds", "bytes"].includes(last)) return last;
  if (name.includes("bytes")) return "bytes";
  return name.endsWith("utilization") ? "ratio" : "count";
}
