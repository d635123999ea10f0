import type { Registry } from "prom-client";

/** What the reference says of a metric: read from its registration. */
export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** prom-client keeps these on every metric; its types name the first two only. */
interface Registered {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

export function describeMetrics(registry: Registry): MetricDescription[] {
  return registry.getMetricsAsArray().map((metric) => {
    const { name, help, type, labelNames } = metric as unknown as Registered;
    return { name, type, labels: [...labelNames], help };
  });
}

/** One text of several registries, in Prometheus' text form. */
export async function renderMetrics(registries: readonly Registry[]): Promise<string> {
  const texts = await Promise.all(registries.map((registry) => registry.metrics()));
  return texts.filter((text) => text.trim() !== "").join("\n");
}

export const EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
