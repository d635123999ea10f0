import { invariant } from "#kit/invariant";
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
  const [address = "", bitsText = ""] = text.split("/");
  const bits = Number(bitsText);
  invariant(bits >= 8 && bits <= 30, `the range ${text} must have a prefix between /8 and /30`);
  const size = 2 ** (32 - bits);
  const network = Math.floor(addressToNumber(address) / size) * size;
  const reserved = size >= 64 ? Math.min(256, Math.max(16, Math.floor(size / 16))) : 1;
  return {
    network,
    last: size - 2,
    firstDynamic: reserved,
    at: (offset) => numberToAddress(network + offset),
  };
}

export function contains(cidr: Cidr, address: string): boolean {
  const offset = addressToNumber(address) - cidr.network;
  return offset >= 1 && offset <= cidr.last;
}

export function randomAddress(cidr: Cidr, rng: Rng): string {
  const size = cidr.last - cidr.firstDynamic + 1;
  return cidr.at(cidr.firstDynamic + Math.floor(rng.next() * size));
}

function addressToNumber(address: string): number {
  const parts = address.split(".").map(Number);
  const isValid = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  return isValid ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN;
}

function numberToAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** "10.96.0.0/16" and 1 give "10.96.0.1". */
export function cidrAddress(cidr: string, offset: number): string {
  return parseCidr(cidr).at(offset);
}
