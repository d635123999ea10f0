import { formatRange, parseRange } from "#kit/ipv4";

/** Each node gets a /24 of the cluster's pod CIDR: 254 addresses for at most 110 pods. */
const nodePrefix = 24;

/** Pure: the lowest free /24 of the cluster CIDR; undefined when all are taken. */
export function nextPodCidr(clusterCidr: string, used: ReadonlySet<string>): string | undefined {
  const { first, prefix } = parseRange(clusterCidr);
  if (prefix >= nodePrefix) return used.has(clusterCidr) ? undefined : clusterCidr;
  const count = 2 ** (nodePrefix - prefix);
  for (let index = 0; index < count; index++) {
    const cidr = formatRange({ first: first + index * 2 ** (32 - nodePrefix), prefix: nodePrefix });
    if (!used.has(cidr)) return cidr;
  }
  return undefined;
}
