import { quantityProblem } from "#api/machinery/quantity";
import { StatusError } from "#api/machinery/status-error";
import type { Gathering } from "#control-plane/controllers/controller";
import {
  type AutoscalerInput,
  type AutoscalerMemory,
  dueInMs,
  minReplicasOf,
  type PodMetrics,
  type PodUsage,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";

/**
 * Reads the metrics of the target's pods, when it is time and something depends on them: every question keeps the
 * nodes measuring for a while.
 */
export async function gatherMetrics(
  input: AutoscalerInput,
  { client, nowMs, memory }: Gathering<AutoscalerMemory>,
): Promise<AutoscalerInput> {
  const { autoscaler, pods } = input;
  if (dueInMs(autoscaler, memory, nowMs) > 0) return input;
  if (!isMeasured(input)) return { ...input, metrics: { type: "read", pods: [] } };
  const { namespace } = autoscaler.metadata;
  try {
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
    const names = new Set(pods.map(({ metadata }) => metadata.name));
    return { ...input, metrics: decodePodMetrics(await client.raw("GET", path), names) };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const problem = `unable to fetch metrics from resource metrics API: ${error.message}`;
    return { ...input, metrics: { type: "failed", problem } };
  }
}

function isMeasured({ autoscaler, target }: AutoscalerInput): boolean {
  if (target.type === "missing") return false;
  const { maxReplicas, metrics = [] } = autoscaler.spec;
  const { replicas } = target;
  if (replicas === 0 || replicas < minReplicasOf(autoscaler) || replicas > maxReplicas)
    return false;
  return metrics.some(({ type }) => type === "Resource" || type === "ContainerResource");
}

/** Of a PodMetricsList only what concerns these pods, and nothing that is not well formed. */
export function decodePodMetrics(list: unknown, names: ReadonlySet<string>): PodMetrics {
  const { items } = list as { readonly items?: readonly MetricsItem[] };
  const pods = (items ?? []).flatMap((item) => {
    const usage = names.has(item.metadata?.name ?? "") ? usageIn(item) : undefined;
    return usage ? [usage] : [];
  });
  return { type: "read", pods };
}

interface MetricsItem {
  readonly metadata?: { readonly name?: string };
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly {
    readonly name?: string;
    readonly usage?: Readonly<Record<string, string>>;
  }[];
}

function usageIn({ metadata, timestamp, window, containers }: MetricsItem): PodUsage | undefined {
  const timestampMs = Date.parse(timestamp ?? "");
  if (!metadata?.name || Number.isNaN(timestampMs) || !Array.isArray(containers)) return undefined;
  const named = (containers as NonNullable<MetricsItem["containers"]>).map(
    ({ name = "", usage = {} }) => ({ name, usage }),
  );
  const amounts = named.flatMap(({ usage }) => Object.values(usage));
  if (amounts.some((amount) => quantityProblem(String(amount)) !== undefined)) return undefined;
  return { name: metadata.name, timestampMs, windowMs: durationMs(window), containers: named };
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** "1m30s", "10.012s"; what is no duration is 0. */
function durationMs(text = ""): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
}
