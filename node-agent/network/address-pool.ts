import { formatIpv4, isInRange, type Ipv4Range, parseIpv4 } from "#kit/ipv4";

/**
 * Which pod has which address: pure, each step gives a new state.
 *
 * Invariants (held by address-pool.test.ts):
 * - No two pods hold the same address; a pod that holds one keeps it until it is released.
 * - A released address is given again only after `quarantineMs`, and the one released longest ago first.
 * - Network address, gateway and broadcast address are never given.
 */
export interface AddressPool {
  /** By pod uid. */
  readonly held: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly released: readonly ReleasedAddress[];
}

export interface ReleasedAddress {
  readonly ip: string;
  readonly atMs: number;
}

export interface AddressRules {
  readonly range: Ipv4Range;
  readonly quarantineMs: number;
}

export const DEFAULT_QUARANTINE_MS = 60_000;

export const emptyPool: AddressPool = { held: {}, released: [] };

/** Thrown when a pod cannot get an address now; trying again later may succeed. */
export class AddressesExhausted extends Error {
  override name = "AddressesExhausted";
}

export function holdAddress(
  pool: AddressPool,
  rules: AddressRules,
  uid: string,
  nowMs: number,
): { readonly pool: AddressPool; readonly ip: string } {
  const own = pool.held[uid];
  if (own !== undefined) return { pool, ip: own };
  const released = pool.released.filter(({ ip }) => isInRange(rules.range, parseIpv4(ip)));
  const ip = neverUsed(pool, rules.range, released) ?? pastQuarantine(released, rules, nowMs);
  if (ip === undefined) throw exhausted(pool, rules, released.length);
  return {
    ip,
    pool: {
      held: { ...pool.held, [uid]: ip },
      released: released.filter((address) => address.ip !== ip),
    },
  };
}

export function releaseAddress(pool: AddressPool, uid: string, nowMs: number): AddressPool {
  const { [uid]: ip, ...held } = pool.held;
  if (ip === undefined) return pool;
  return { held, released: [...pool.released, { ip, atMs: nowMs }] };
}

function neverUsed(
  pool: AddressPool,
  range: Ipv4Range,
  released: readonly ReleasedAddress[],
): string | undefined {
  const used = new Set([...Object.values(pool.held), ...released.map(({ ip }) => ip)]);
  for (let offset = 2; offset < range.size - 1; offset++) {
    const ip = formatIpv4(range.first + offset);
    if (!used.has(ip)) return ip;
  }
  return undefined;
}

function pastQuarantine(
  released: readonly ReleasedAddress[],
  { quarantineMs }: AddressRules,
  nowMs: number,
): string | undefined {
  const [oldest] = released;
  return oldest && nowMs - oldest.atMs >= quarantineMs ? oldest.ip : undefined;
}

function exhausted(pool: AddressPool, rules: AddressRules, waiting: number): AddressesExhausted {
  const { range, quarantineMs } = rules;
  const cidr = `${formatIpv4(range.first)}/${range.prefix}`;
  const heldCount = Object.keys(pool.held).length;
  return new AddressesExhausted(
    `no free address in ${cidr}: ${heldCount} are held by pods and ${waiting} were released less than ${quarantineMs / 1000} s ago`,
  );
}
