interface Ports {
  readonly protocol?: string | null | undefined;
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
}

export interface ProtocolRanges {
  readonly protocol: string;
  /** In order, none touching another: nft refuses a set whose intervals overlap. */
  readonly ranges: readonly (readonly [number, number])[];
}

export function mergeRanges(ports: readonly Ports[]): ProtocolRanges[] {
  const byProtocol = new Map<string, [number, number][]>();
  for (const { protocol, first, last } of ports) {
    const ranges = byProtocol.get(protocol ?? "") ?? [];
    ranges.push([first ?? 0, last ?? 0]);
    byProtocol.set(protocol ?? "", ranges);
  }
  return [...byProtocol].map(([protocol, ranges]) => ({ protocol, ranges: merged(ranges) }));
}

function merged(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    const previous = found.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else found.push([first, last]);
  }
  return found;
}
