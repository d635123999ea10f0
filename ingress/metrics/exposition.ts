/**
 * nginx's counts as Prometheus reads them. The names are ingress-nginx's where they mean the same; `pod` is ours.
 * Pure: lines of ingress/lua/kaji/metrics.lua in, text out.
 */
export interface NginxMetric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

const PREFIX = "nginx_ingress_controller_";

const PLACE = ["host", "path", "namespace", "service", "ingress"];

export const nginxMetrics = {
  requests: {
    ...{ name: `${PREFIX}requests`, type: "counter" },
    help: "Requests that were answered, by the pod that answered and the status.",
    labels: [...PLACE, "pod", "status"],
  },
  duration: {
    ...{ name: `${PREFIX}request_duration_seconds`, type: "histogram" },
    help: "From a request's first byte to its answer's last.",
    labels: PLACE,
  },
  bytes: {
    ...{ name: `${PREFIX}bytes_sent`, type: "counter" },
    help: "Bytes sent to clients.",
    labels: PLACE,
  },
  connections: {
    ...{ name: `${PREFIX}nginx_process_connections`, type: "gauge" },
    help: "Connections of clients, by what they do.",
    labels: ["state"],
  },
  series: {
    ...{ name: `${PREFIX}metric_series`, type: "gauge" },
    help: "Series that nginx keeps; beyond 20000 it counts under empty labels.",
    labels: [],
  },
} as const satisfies Readonly<Record<string, NginxMetric>>;

const BOUNDS = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10"];

/** What nginx answers to "GET /metrics" on its admin socket. */
export function renderMetrics(text: string): string {
  const series = text.split("\n").filter(Boolean).map(parseSeries);
  const of = (kind: string): Series[] => series.filter((one) => one.kind === kind);
  return [
    ...head(nginxMetrics.requests),
    ...of("requests").map(({ labels, amount }) => {
      const [pod = "", status = ""] = labels.slice(4);
      return sample(nginxMetrics.requests.name, { ...placeOf(labels), pod, status }, amount);
    }),
    ...head(nginxMetrics.duration),
    ...histogram(of("bucket"), of("seconds")),
    ...head(nginxMetrics.bytes),
    ...of("bytes").map(({ labels, amount }) =>
      sample(nginxMetrics.bytes.name, placeOf(labels), amount),
    ),
    ...head(nginxMetrics.connections),
    ...of("connections").map(({ labels, amount }) =>
      sample(nginxMetrics.connections.name, { state: labels[0] ?? "" }, amount),
    ),
    ...head(nginxMetrics.series),
    sample(nginxMetrics.series.name, {}, series.length - of("connections").length),
    "",
  ].join("\n");
}

interface Series {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly amount: number;
}

function parseSeries(line: string): Series {
  const at = line.lastIndexOf(" ");
  const [kind = "", ...labels] = line.slice(0, at).split("\u0001");
  return { kind, labels, amount: Number(line.slice(at + 1)) };
}

type Labels = Readonly<Record<string, string>>;

const PLACE_LABELS = 4;

/** host, path, "namespace/service:port" and "namespace/ingress" */
function placeOf([host = "", path = "", backend = "", ingress = ""]: readonly string[]): Labels {
  const [namespace = "", service = ""] = backend.split(":", 1)[0]?.split("/") ?? [];
  return { host, path, namespace, service, ingress: ingress.split("/")[1] ?? "" };
}

function histogram(buckets: readonly Series[], seconds: readonly Series[]): string[] {
  const { name } = nginxMetrics.duration;
  const byPlace = new Map<string, Map<string, number>>();
  for (const { labels, amount } of buckets) {
    const key = labels.slice(0, PLACE_LABELS).join("\u0001");
    const own = byPlace.get(key) ?? new Map<string, number>();
    byPlace.set(key, own.set(labels[PLACE_LABELS] ?? "", amount));
  }
  return seconds.flatMap(({ labels, amount }) => {
    const place = placeOf(labels);
    const own = byPlace.get(labels.join("\u0001")) ?? new Map<string, number>();
    let sum = 0;
    const lines = [...BOUNDS, "+Inf"].map((le) => {
      sum += own.get(le) ?? 0;
      return sample(`${name}_bucket`, { ...place, le }, sum);
    });
    return [...lines, sample(`${name}_sum`, place, amount), sample(`${name}_count`, place, sum)];
  });
}

function head({ name, type, help }: NginxMetric): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: Labels, amount: number): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${texts.length > 0 ? `{${texts.join(",")}}` : ""} ${amount}`;
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
}
