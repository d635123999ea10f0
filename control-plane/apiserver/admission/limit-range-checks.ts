import { podLimits, podRequests, type PodResources } from "#api/kinds/pod-resources";
import {
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityToNumber,
} from "#api/machinery/quantity";
import { byteAmount, cpuAmount } from "#api/quota/amounts";
import type { LimitRangeItem, Pod, ResourceRequirements } from "#api/schema/types";

/** What an item of a LimitRange says against these requests and limits, in Kubernetes' sentences. */
export function brokenLimits(
  item: LimitRangeItem,
  { requests = {}, limits = {} }: Pick<ResourceRequirements, "requests" | "limits">,
): string[] {
  const { type, min = {}, max = {}, maxLimitRequestRatio = {} } = item;
  const check = (
    bounds: Record<string, string>,
    of: (name: string, bound: string, request?: string, limit?: string) => string | undefined,
  ): string[] =>
    Object.entries(bounds).flatMap(([name, bound]) => {
      const text = of(name, bound, requests[name], limits[name]);
      return text === undefined ? [] : [text];
    });
  return [
    ...check(min, (name, bound, request, limit) => {
      const start = `minimum ${name} usage per ${type} is ${bound}`;
      if (request === undefined) return `${start}.  No request is specified`;
      if (isLess(request, bound)) return `${start}, but request is ${request}`;
      return limit && isLess(limit, bound) ? `${start}, but limit is ${limit}` : undefined;
    }),
    ...check(max, (name, bound, request, limit) => {
      const start = `maximum ${name} usage per ${type} is ${bound}`;
      if (limit === undefined) return `${start}.  No limit is specified`;
      if (isLess(bound, limit)) return `${start}, but limit is ${limit}`;
      return request && isLess(bound, request) ? `${start}, but request is ${request}` : undefined;
    }),
    ...check(maxLimitRequestRatio, (name, bound, request, limit) => {
      const start = `${name} max limit to request ratio per ${type} is ${bound}`;
      if (isZero(request)) return `${start}, but no request is specified or request is 0`;
      if (isZero(limit)) return `${start}, but no limit is specified or limit is 0`;
      const ratio = numberOf(limit) / numberOf(request);
      const isOver = ratio > numberOf(bound);
      return isOver ? `${start}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
    }),
  ];
}

function isLess(left: string, right: string): boolean {
  return compareQuantities(parseQuantity(left), parseQuantity(right)) < 0;
}

function isZero(amount: string | undefined): boolean {
  return numberOf(amount) === 0;
}

function numberOf(amount: string | undefined): number {
  return amount === undefined ? 0 : quantityToNumber(parseQuantity(amount));
}

/** Requests and limits of the whole pod; what no container names is not there. */
export function podAmounts({ spec }: Pod): {
  requests: Record<string, string>;
  limits: Record<string, string>;
} {
  return { requests: textsOf(podRequests({ spec })), limits: textsOf(podLimits({ spec })) };
}

function textsOf({ cpuMillis, memoryBytes, ephemeralStorageBytes }: PodResources) {
  const found: Record<string, string> = {};
  if (cpuMillis > 0) found["cpu"] = formatQuantity(cpuAmount(cpuMillis));
  if (memoryBytes > 0) found["memory"] = formatQuantity(byteAmount(memoryBytes));
  if (ephemeralStorageBytes > 0) {
    found["ephemeral-storage"] = formatQuantity(byteAmount(ephemeralStorageBytes));
  }
  return found;
}
