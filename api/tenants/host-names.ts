import { duplicate, invalid, invalidEach, tooMany } from "#api/machinery/field-path";
import { isDns1123Subdomain } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { isIp } from "#api/kinds/rules/ip";

/**
 * More hosts than these are no tenant but a fleet. All of them can change in one write: as many claims as are taken are
 * then given back, in one transaction of an etcd that is configured as it comes (--max-txn-ops 128).
 */
export const MAX_HOSTS = 60;

/** Host names as a browser sends them: lower case, no wildcard, no dot at the end, no port. */
export function validateHosts(hosts: readonly string[], path: string): FieldError[] {
  if (hosts.length > MAX_HOSTS) return [tooMany(path, hosts.length, MAX_HOSTS)];
  return hosts.flatMap((host, index) => {
    const field = `${path}[${index}]`;
    return hosts.indexOf(host) < index ? [duplicate(field, host)] : validateHost(host, field);
  });
}

function validateHost(host: string, field: string): FieldError[] {
  const problem = problemOf(host);
  if (problem) return [invalid(field, host, problem)];
  return invalidEach(field, host, isDns1123Subdomain(host));
}

function problemOf(host: string): string | undefined {
  if (host.includes("*")) return "a tenant owns whole names: write each host without a wildcard";
  if (host !== host.toLowerCase()) return `host names are lower case: ${host.toLowerCase()}`;
  if (host.endsWith(".")) return `write it without the dot at its end: ${host.slice(0, -1)}`;
  if (/:\d+$/.test(host)) return "a host name has no port";
  if (isIp(host).length === 0) return "must be a DNS name, not an IP address";
  return host.split(".").some((label) => label.length > 63)
    ? "each part between dots has at most 63 characters"
    : undefined;
}
