import { invariant } from "#kit/invariant";
import { addressAt, isIpv4, parseIpv4, parseRange } from "#kit/ipv4";
import type { Rng } from "#kit/rng";

/** An IPv4 range that addresses are given from. Offsets count from the network address. */
export interface Cidr {
  readonly network: number;
  /** The last usable offset: the broadcast address is left out. */
  readonly last: number;
  /** Below it lie addresses that are only given when asked for by name (as Kubernetes keeps them). */
  readonly firstDynamic: number;
  at(offset: number): string;
}

export function parseCidr(text: string): Cidr {
  const range = parseRange(text);
  const { prefix, size } = range;
  invariant(prefix >= 8 && prefix <= 30, `the range ${text} must have a prefix between /8 and /30`);
  const reserved = size >= 64 ? Math.min(256, Math.max(16, Math.floor(size / 16))) : 1;
  return {
    network: range.first,
    last: size - 2,
    firstDynamic: reserved,
    at: (offset) => addressAt(range, offset),
  };
}

export function contains(cidr: Cidr, address: string): boolean {
  if (!isIpv4(address)) return false;
  const offset = parseIpv4(address) - cidr.network;
  return offset >= 1 && offset <= cidr.last;
}

export function randomAddress(cidr: Cidr, rng: Rng): string {
  const size = cidr.last - cidr.firstDynamic + 1;
  return cidr.at(cidr.firstDynamic + Math.floor(rng.next() * size));
}

/** "10.96.0.0/16" and 1 give "10.96.0.1". */
export function cidrAddress(cidr: string, offset: number): string {
  return parseCidr(cidr).at(offset);
}
