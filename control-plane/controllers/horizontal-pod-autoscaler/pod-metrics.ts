import { parseDurationMs } from "#kit/duration";
import { quantityProblem } from "#api/machinery/quantity";
import type {
  PodMetrics,
  PodUsage,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";

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
  const windowMs = parseDurationMs(window ?? "") ?? 0;
  return { name: metadata.name, timestampMs, windowMs, containers: named };
}
