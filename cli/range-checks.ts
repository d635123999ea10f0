import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { CommandError } from "#cli/define-command";
import { formatRange, type Ipv4Range, isIpv4, parseRange } from "#kit/ipv4";
import type { Locations } from "#kit/locations";

/** A range of addresses that the cluster wants for itself, and the flag that chooses another. */
export interface WantedRange {
  readonly cidr: string;
  readonly flag: string;
}

/** A line of `ip -j -4 route show`. */
export interface HostRoute {
  /** "10.244.0.0/24", "10.244.0.7" or "default". */
  readonly dst: string;
  readonly dev?: string;
  readonly gateway?: string;
}

/**
 * Two clusters of one host with one range reach each other's pods, or none: every probe fails and nothing says why.
 * Asked before the first start only: afterwards the routes are the cluster's own.
 */
export function requireRangesFree(locations: Locations, wanted: readonly WantedRange[]): void {
  for (const { cidr, flag } of wanted) {
    if (isCidr(cidr)) continue;
    throw new CommandError(`${flag} ${cidr} is not an IPv4 range: give one such as 10.244.0.0/16`);
  }
  if (existsSync(`/sys/class/net/${locations.instance}0`)) return;
  const text = execFileSync("ip", ["-j", "-4", "route", "show"], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` },
  });
  const problem = rangeTaken(JSON.parse(text || "[]") as HostRoute[], wanted);
  if (problem) throw new CommandError(problem);
}

/** Pure: the first range that the host already sends elsewhere, as a sentence. */
export function rangeTaken(
  routes: readonly HostRoute[],
  wanted: readonly WantedRange[],
): string | undefined {
  for (const { cidr, flag } of wanted) {
    const range = parseRange(cidr);
    const taken = routes.find(({ dst, gateway }) => {
      if (!/^\d/.test(dst)) return false;
      const there = parseRange(dst.includes("/") ? dst : `${dst}/32`);
      if (!overlap(range, there)) return false;
      // A wide route through a gateway gives way to the cluster's narrower one, as the default route does.
      return there.prefix >= range.prefix || gateway === undefined;
    });
    if (!taken) continue;
    const where = taken.dev ? ` to the interface ${taken.dev}` : "";
    return `${flag} ${formatRange(range)} overlaps ${taken.dst}, which this host already sends${where}: choose another range with ${flag}, or end what has it (a cluster of another root: \`kaji down --root-dir ROOT\`)`;
  }
  return undefined;
}

function isCidr(text: string): boolean {
  const [address = "", prefix = ""] = text.split("/");
  return isIpv4(address) && /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32;
}

function overlap(one: Ipv4Range, other: Ipv4Range): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size;
}
