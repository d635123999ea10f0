import { podLimits, podRequests, type PodResources } from "#api/kinds/pod-resources";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Quantity } from "#api/machinery/quantity";
import { type Amounts, byteAmount, cpuAmount, pieces } from "#api/quota/amounts";
import type { Container, Pod } from "#api/schema/types";

/** What a pod uses of a quota. A pod that has ended uses no more than its place in count/pods. */
export function podUsage(pod: Pod): Amounts {
  const usage = new Map<string, Quantity>([["count/pods", pieces(1)]]);
  if (isPodTerminal(pod)) return usage;
  usage.set("pods", pieces(1));
  for (const [name, amount] of amountsOf(podRequests(pod))) {
    usage.set(`requests.${name}`, amount);
    if (!name.includes("/")) usage.set(name, amount);
  }
  for (const [name, amount] of amountsOf(podLimits(pod))) usage.set(`limits.${name}`, amount);
  return usage;
}

function amountsOf(resources: PodResources): Amounts {
  const { cpuMillis, memoryBytes, ephemeralStorageBytes, extended } = resources;
  const found = new Map<string, Quantity>();
  if (cpuMillis > 0) found.set("cpu", cpuAmount(cpuMillis));
  if (memoryBytes > 0) found.set("memory", byteAmount(memoryBytes));
  if (ephemeralStorageBytes > 0) found.set("ephemeral-storage", byteAmount(ephemeralStorageBytes));
  for (const [name, amount] of Object.entries(extended)) {
    if (amount > 0) found.set(name, name.includes("/") ? pieces(amount) : byteAmount(amount));
  }
  return found;
}

/** Where a quota names one of these, every container must say how much it takes. */
export const computeAmounts = [
  "cpu",
  "memory",
  "requests.cpu",
  "requests.memory",
  "limits.cpu",
  "limits.memory",
];

/** What is missing, in Kubernetes' words ("must specify limits.cpu for: web"); undefined if nothing is. */
export function unspecifiedAmounts(pod: Pod, restricted: readonly string[]): string | undefined {
  const { resources, containers, initContainers = [] } = pod.spec;
  const names = restricted.filter((name) => computeAmounts.includes(name)).sort();
  const parts = names.flatMap((name) => {
    if (isSpecified({ resources }, name)) return [];
    const missing = [...containers, ...initContainers].filter((one) => !isSpecified(one, name));
    const shown = missing.map((container) => container.name).sort();
    return shown.length > 0 ? [`${name} for: ${shown.join(",")}`] : [];
  });
  return parts.length > 0 ? `must specify ${parts.join("; ")}` : undefined;
}

function isSpecified({ resources }: Pick<Container, "resources">, name: string): boolean {
  const [side = "", resource = side] = name.split(".");
  const amounts = side === "limits" ? resources?.limits : resources?.requests;
  return amounts?.[resource] !== undefined;
}
