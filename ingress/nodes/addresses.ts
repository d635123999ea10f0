import { isIP } from "node:net";

/** The ingress nodes of a cluster as one of them knows them, and what an Ingress shows of them. Pure. */
export interface IngressNode {
  readonly name: string;
  /** Where its nginx is reached. */
  readonly address: string;
}

/** The one that speaks for all: events come once, and addresses of nodes that are gone are taken away by it alone. */
export function isSpokesman(own: string, living: readonly IngressNode[]): boolean {
  return living.every(({ name }) => name >= own);
}

/**
 * What `status.loadBalancer` of an Ingress shall list; undefined: it does. Every node adds itself; only the
 * spokesman takes others away, so that two that disagree for a moment do not write in turns.
 */
export function addressesToShow(
  shown: readonly string[],
  own: IngressNode,
  living: readonly IngressNode[],
): readonly string[] | undefined {
  const all = [...living.map(({ address }) => address), own.address];
  const wanted = isSpokesman(own.name, living) ? all : [...shown, own.address];
  const next = [...new Set(wanted)].sort();
  return next.join() === shown.join() ? undefined : next;
}

/** As `status.loadBalancer.ingress` has it: by ip or by hostname. */
export function statusAddress(address: string): { ip: string } | { hostname: string } {
  return isIP(address) ? { ip: address } : { hostname: address };
}
