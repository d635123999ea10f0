import { invariant } from "#kit/invariant";

/** IPv4 addresses as numbers, so that ranges are arithmetic. */
export interface Ipv4Range {
  /** The network address. */
  readonly first: number;
  readonly prefix: number;
  readonly size: number;
}

export function isIpv4(text: string): boolean {
  const octets = text.split(".");
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && +octet < 256);
}

export function parseIpv4(text: string): number {
  invariant(isIpv4(text), `${JSON.stringify(text)} is an IPv4 address`);
  return text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** "10.244.0.0/24"; bits behind the prefix are ignored. */
export function parseRange(cidr: string): Ipv4Range {
  const [address = "", prefixText = ""] = cidr.split("/");
  const prefix = Number(prefixText);
  invariant(/^\d{1,2}$/.test(prefixText) && prefix <= 32, `${JSON.stringify(cidr)} is a CIDR`);
  const size = 2 ** (32 - prefix);
  const parsed = parseIpv4(address);
  return { first: parsed - (parsed % size), prefix, size };
}

export function isInRange(range: Ipv4Range, address: number): boolean {
  return address >= range.first && address < range.first + range.size;
}

/** "10.244.0.0/24" */
export function formatRange({ first, prefix }: Pick<Ipv4Range, "first" | "prefix">): string {
  return `${formatIpv4(first)}/${prefix}`;
}

/** Offset 0 is the network address. Caller must: stay within the range's size. */
export function addressAt(range: Ipv4Range, offset: number): string {
  invariant(offset < range.size, `${formatRange(range)} has an address ${offset}`);
  return formatIpv4(range.first + offset);
}
