import { defineKind } from "#api/machinery/define-kind";
import { duplicate, immutable, invalidEach, required, tooMany } from "#api/machinery/field-path";
import { isDns1123Label, isDns1123Subdomain, isPortNumber } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import { protocols } from "#api/kinds/pod-spec/ports";
import { isIpv4, isIpv6 } from "#api/kinds/rules/ip";
import { formatFew } from "#api/kinds/rules/text";
import { each, oneOf } from "#api/kinds/rules/values";
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice } from "#api/schema/types";

/** Kubernetes' limits for one slice. */
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;

const addressTypes = ["FQDN", "IPv4", "IPv6"];

export const endpointSliceKind = defineKind<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  isNamespaced: true,
  schema: "io.k8s.api.discovery.v1.EndpointSlice",
  hasGeneration: true,
  columns: [
    {
      name: "AddressType",
      type: "string",
      priority: 0,
      description: "What kind of addresses the slice lists.",
      value: (slice) => slice.addressType,
    },
    {
      name: "Ports",
      type: "string",
      priority: 0,
      description: "The ports that every endpoint of the slice answers on.",
      value: (slice) =>
        formatFew(
          (slice.ports ?? []).map(({ port }) => String(port ?? "*")),
          "<unset>",
        ),
    },
    {
      name: "Endpoints",
      type: "string",
      priority: 0,
      description: "The addresses that the slice lists.",
      value: (slice) =>
        formatFew(
          (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
          "<unset>",
        ),
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.endpoints ??= [];
    for (const port of draft.ports ?? []) {
      port.name ??= "";
      port.protocol ||= "TCP";
    }
  },
  validate: (slice) => [
    ...oneOf("addressType", slice.addressType, addressTypes),
    ...validateEndpoints(slice),
    ...validatePorts(slice.ports ?? []),
  ],
  validateUpdate: (next, previous) =>
    immutable("addressType", next.addressType, previous.addressType),
});

function validateEndpoints({ endpoints, addressType }: EndpointSlice): FieldError[] {
  if (endpoints.length > MAX_ENDPOINTS) {
    return [tooMany("endpoints", endpoints.length, MAX_ENDPOINTS)];
  }
  return each("endpoints", endpoints, (endpoint, at) => [
    ...validateAddresses(endpoint, addressType, `${at}.addresses`),
    ...(endpoint.hostname
      ? invalidEach(`${at}.hostname`, endpoint.hostname, isDns1123Label(endpoint.hostname))
      : []),
  ]);
}

function validateAddresses(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) return [required(path, "must contain at least 1 address")];
  if (addresses.length > MAX_ADDRESSES) return [tooMany(path, addresses.length, MAX_ADDRESSES)];
  return each(path, addresses, (address, at) =>
    invalidEach(at, address, addressProblems(address, type)),
  );
}

function addressProblems(address: string, type: string): string[] {
  switch (type) {
    case "IPv4":
      return isIpv4(address) ? [] : ["must be a valid IPv4 address"];
    case "IPv6":
      return isIpv6(address) ? [] : ["must be a valid IPv6 address"];
    case "FQDN":
      return isDns1123Subdomain(address);
    default:
      return [];
  }
}

function validatePorts(ports: readonly DiscoveryV1EndpointPort[]): FieldError[] {
  if (ports.length > MAX_PORTS) return [tooMany("ports", ports.length, MAX_PORTS)];
  const names = new Set<string>();
  return each("ports", ports, ({ name = "", port, protocol }, at) => {
    const isRepeated = names.has(name);
    names.add(name);
    return [
      ...(name ? invalidEach(`${at}.name`, name, isDns1123Label(name)) : []),
      ...(isRepeated ? [duplicate(`${at}.name`, name)] : []),
      ...(port === undefined ? [] : invalidEach(`${at}.port`, port, isPortNumber(port))),
      ...oneOf(`${at}.protocol`, protocol, protocols),
    ];
  });
}
