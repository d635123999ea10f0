import { invalid, invalidEach, required } from "#api/machinery/field-path";
import { isDns1123Label, isDns1123Subdomain } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { isIp } from "#api/kinds/rules/ip";
import { each, oneOf } from "#api/kinds/rules/values";
import type { PodSpec } from "#api/schema/types";

const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

/** The pod's own name and how it resolves the names of others. */
export function validateHostNames(spec: PodSpec, path: string): FieldError[] {
  return [
    ...oneOf(`${path}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    ...validateDnsConfig(spec, `${path}.dnsConfig`),
    ...each(`${path}.hostAliases`, spec.hostAliases, (alias, at) => [
      ...invalidEach(`${at}.ip`, alias.ip, isIp(alias.ip)),
      ...(alias.hostnames ?? []).flatMap((name) =>
        invalidEach(`${at}.hostnames`, name, isDns1123Subdomain(name)),
      ),
    ]),
    ...validateLabel(spec.hostname, `${path}.hostname`),
    ...validateLabel(spec.subdomain, `${path}.subdomain`),
  ];
}

function validateLabel(name: string | undefined, field: string): FieldError[] {
  return name ? invalidEach(field, name, isDns1123Label(name)) : [];
}

function validateDnsConfig(spec: PodSpec, path: string): FieldError[] {
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {};
  const found: FieldError[] = [];
  if (spec.dnsPolicy === "None" && nameservers.length === 0) {
    const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
    found.push(required(spec.dnsConfig ? `${path}.nameservers` : path, detail));
  }
  if (nameservers.length > MAX_NAMESERVERS) {
    const detail = `must not have more than ${MAX_NAMESERVERS} nameservers`;
    found.push(invalid(`${path}.nameservers`, nameservers, detail));
  }
  if (searches.length > MAX_SEARCH_PATHS) {
    const detail = `must not have more than ${MAX_SEARCH_PATHS} search paths`;
    found.push(invalid(`${path}.searches`, searches, detail));
  }
  return [
    ...found,
    ...each(`${path}.nameservers`, nameservers, (ip, at) => invalidEach(at, ip, isIp(ip))),
    ...each(`${path}.searches`, searches, (name, at) =>
      name === "." ? [] : invalidEach(at, name, isDns1123Subdomain(name.replace(/\.$/, ""))),
    ),
    ...each(`${path}.options`, options, ({ name }, at) =>
      name ? [] : [required(at, "must not be empty")],
    ),
  ];
}
