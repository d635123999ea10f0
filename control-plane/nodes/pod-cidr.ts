/** Each node gets a /24 of the cluster's pod CIDR: 254 addresses for at most 110 pods. */
const nodePrefix = 24;

/** Pure: the lowest free /24 of the cluster CIDR; undefined when all are taken. */
export function nextPodCidr(clusterCidr: string, used: ReadonlySet<string>): string | undefined {
  const { base, prefix } = parseCidr(clusterCidr);
  if (prefix >= nodePrefix) return used.has(clusterCidr) ? undefined : clusterCidr;
  const count = 2 ** (nodePrefix - prefix);
  for (let index = 0; index < count; index++) {
    const cidr = `${toAddress(base + index * 2 ** (32 - nodePrefix))}/${nodePrefix}`;
    if (!used.has(cidr)) return cidr;
  }
  return undefined;
}

function parseCidr(cidr: string): { base: number; prefix: number } {
  const [address = "", prefix = ""] = cidr.split("/");
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { base, prefix: Number(prefix) };
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
