import type { Ingress } from "#api/schema/types";

const ALIAS = "nginx.ingress.kubernetes.io/server-alias";
const WWW = "nginx.ingress.kubernetes.io/from-to-www-redirect";

/**
 * Every host that an Ingress names, in its rules, its TLS part and the annotations by which the ingress serves
 * further names, once; wildcards as they stand.
 */
export function hostsOfIngress({ spec, metadata }: Ingress): string[] {
  const ofRules = (spec?.rules ?? []).map(({ host }) => host);
  const { [ALIAS]: aliases, [WWW]: www } = metadata?.annotations ?? {};
  const named = [
    ...ofRules,
    ...(spec?.tls ?? []).flatMap(({ hosts }) => hosts ?? []),
    ...(aliases ?? "").split(",").map((alias) => alias.trim().toLowerCase()),
    ...(www === undefined ? [] : ofRules.flatMap((host) => (host ? [withOrWithoutWww(host)] : []))),
  ];
  return [...new Set(named.flatMap((host) => (host ? [host] : [])))];
}

/** The name that `from-to-www-redirect` leads to this one; of a wildcard there is none. */
export function withOrWithoutWww(host: string): string {
  if (host.startsWith("*")) return host;
  return host.startsWith("www.") ? host.slice("www.".length) : `www.${host}`;
}

/** True when it also takes requests for hosts that it does not name. */
export function takesAnyHost({ spec }: Ingress): boolean {
  return spec?.defaultBackend !== undefined || (spec?.rules ?? []).some(({ host }) => !host);
}
