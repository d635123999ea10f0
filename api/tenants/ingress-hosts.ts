import type { Ingress } from "#api/schema/types";

/** Every host that an Ingress names, in its rules and its TLS part, once; wildcards as they stand. */
export function hostsOfIngress({ spec }: Ingress): string[] {
  const named = [
    ...(spec?.rules ?? []).map(({ host }) => host),
    ...(spec?.tls ?? []).flatMap(({ hosts }) => hosts ?? []),
  ];
  return [...new Set(named.flatMap((host) => (host ? [host] : [])))];
}

/** True when it also takes requests for hosts that it does not name. */
export function takesAnyHost({ spec }: Ingress): boolean {
  return spec?.defaultBackend !== undefined || (spec?.rules ?? []).some(({ host }) => !host);
}
