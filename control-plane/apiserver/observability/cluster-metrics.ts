import { Gauge, Registry } from "prom-client";
import { kinds } from "#api/kinds/index";
import type { Kind } from "#api/machinery/define-kind";
import type { Condition } from "#api/schema/types";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";
import type { Feed } from "#control-plane/apiserver/storage/feed";

/**
 * How the cluster is, counted over the watch caches when the numbers are read: nothing is kept up to date for nobody,
 * and a kind of which nothing has changed since the last time is not counted again. Labels are of fixed sets; what an
 * object says beyond them counts as "other".
 */
export function createClusterMetrics(feed: Pick<Feed, "cacheOf" | "serves">): Registry {
  const registry = new Registry();
  for (const { name, help, labels, counted } of GAUGES) {
    const counts = counted.map((one) => rememberedCount(feed, one));
    void new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [registry] },
      collect() {
        this.reset();
        for (const count of counts) {
          for (const { values, amount } of count()) this.inc(values, amount);
        }
      },
    });
  }
  return registry;
}

interface Count {
  readonly values: Labels;
  amount: number;
}

function rememberedCount(
  feed: Pick<Feed, "cacheOf" | "serves">,
  { resource, label }: CountGauge["counted"][number],
): () => readonly Count[] {
  let counts: readonly Count[] = [];
  let revision = -1;
  return () => {
    if (!feed.serves(resource)) return [];
    const cache = feed.cacheOf(resource);
    if (cache.lastChangeRevision === revision) return counts;
    revision = cache.lastChangeRevision;
    counts = countOf(cache, label);
    return counts;
  };
}

function countOf(cache: WatchCache, label: (object: Counted) => readonly Labels[]): Count[] {
  const counts = new Map<string, Count>();
  for (const stored of cache.range(undefined)) {
    for (const values of label(stored.object as Counted)) {
      const key = Object.values(values).join();
      const known = counts.get(key);
      if (known) known.amount++;
      else counts.set(key, { values, amount: 1 });
    }
  }
  return [...counts.values()];
}

interface Counted {
  readonly kind: string;
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

type Resource = Pick<Kind, "group" | "plural">;
type Labels = Readonly<Record<string, string>>;

interface CountGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly counted: readonly {
    readonly resource: Resource;
    label(object: Counted): readonly Labels[];
  }[];
}

const GAUGES: readonly CountGauge[] = [
  {
    name: "kaji_pods",
    help: "Pods, by phase.",
    labels: ["phase"],
    counted: [byPhase("Pod", ["Pending", "Running", "Succeeded", "Failed", "Unknown"])],
  },
  {
    name: "kaji_nodes",
    help: "Nodes, by what their Ready condition says.",
    labels: ["ready"],
    counted: [
      {
        resource: resourceOf("Node"),
        label: (node) => [{ ready: statusOf(node, "Ready") }],
      },
    ],
  },
  {
    name: "kaji_deployments",
    help: "Deployments, by what their conditions Available and Progressing say.",
    labels: ["condition", "status"],
    counted: [byCondition("Deployment", ["Available", "Progressing"])],
  },
  {
    name: "kaji_autoscalers",
    help: "Autoscalers, by what their conditions say: who cannot see, cannot act, or is at a bound.",
    labels: ["kind", "condition", "status"],
    counted: [
      byCondition("HorizontalPodAutoscaler", ["AbleToScale", "ScalingActive", "ScalingLimited"]),
      byCondition("RequestAutoscaler", ["AbleToScale", "ScalingActive", "ScalingLimited"]),
    ],
  },
  {
    name: "kaji_tenants",
    help: "Tenants, by phase.",
    labels: ["phase"],
    counted: [
      byPhase("Tenant", ["Pending", "Ready", "Asleep", "Suspended", "Failed", "Terminating"]),
    ],
  },
];

/** Of the newest version of a kind: all versions share a cache. */
function resourceOf(name: string): Resource {
  return kinds.find(({ kind }) => kind === name) ?? { group: "", plural: name };
}

function byPhase(kind: string, phases: readonly string[]): CountGauge["counted"][number] {
  return {
    resource: resourceOf(kind),
    label({ status }) {
      const phase = status?.phase ?? phases[0] ?? "";
      return [{ phase: phases.includes(phase) ? phase : "other" }];
    },
  };
}

function byCondition(kind: string, types: readonly string[]): CountGauge["counted"][number] {
  return {
    resource: resourceOf(kind),
    label: (object) =>
      types.map((condition) => ({
        ...(kind === "Deployment" ? {} : { kind }),
        condition,
        status: statusOf(object, condition),
      })),
  };
}

function statusOf({ status }: Counted, type: string): string {
  const found = status?.conditions?.find((one) => one.type === type)?.status ?? "Unknown";
  return ["True", "False", "Unknown"].includes(found) ? found : "other";
}
