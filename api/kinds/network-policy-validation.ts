import { isCidr, isIpv4 } from "#api/kinds/rules/ip";
import { validateLabelSelector } from "#api/kinds/rules/selectors";
import { each, optionalOneOf } from "#api/kinds/rules/values";
import { forbidden, invalid, invalidEach, notSupported, required } from "#api/machinery/field-path";
import { isPortName, isPortNumber } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "#api/schema/types";

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const POLICY_TYPES = ["Ingress", "Egress"];

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  return [
    ...validateLabelSelector(spec.podSelector, "spec.podSelector"),
    ...each("spec.ingress", spec.ingress, ({ ports, from }, at) => [
      ...each(`${at}.ports`, ports, validatePort),
      ...each(`${at}.from`, from, validatePeer),
    ]),
    ...each("spec.egress", spec.egress, ({ ports, to }, at) => [
      ...each(`${at}.ports`, ports, validatePort),
      ...each(`${at}.to`, to, validatePeer),
    ]),
    ...validateTypes(spec.policyTypes ?? []),
  ];
}

function validateTypes(types: readonly string[]): FieldError[] {
  const field = "spec.policyTypes";
  if (types.length > POLICY_TYPES.length) {
    return [invalid(field, types, "may not specify more than two policyTypes")];
  }
  return each(field, types, (type, at) =>
    POLICY_TYPES.includes(type) ? [] : [notSupported(at, type, POLICY_TYPES)],
  );
}

function validatePort({ port, endPort, protocol }: NetworkPolicyPort, path: string): FieldError[] {
  return [
    ...optionalOneOf(`${path}.protocol`, protocol, PROTOCOLS),
    ...(typeof port === "string" ? invalidEach(`${path}.port`, port, isPortName(port)) : []),
    ...(typeof port === "number" ? invalidEach(`${path}.port`, port, isPortNumber(port)) : []),
    ...(endPort === undefined ? [] : validateEnd(endPort, port, `${path}.endPort`)),
  ];
}

function validateEnd(end: number, port: NetworkPolicyPort["port"], field: string): FieldError[] {
  if (port === undefined) {
    return [invalid(field, end, "may not be specified when `port` is not specified")];
  }
  if (typeof port === "string") {
    return [invalid(field, end, "may not be specified when `port` is non-numeric")];
  }
  const order = end < port ? [invalid(field, end, "must be greater than or equal to `port`")] : [];
  return [...order, ...invalidEach(field, end, isPortNumber(end))];
}

function validatePeer(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const found = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(ipBlock ? validateBlock(ipBlock, `${path}.ipBlock`) : []),
  ];
  const isSelecting = podSelector !== undefined || namespaceSelector !== undefined;
  if (!ipBlock && !isSelecting) found.push(required(path, "must specify a peer"));
  if (ipBlock && isSelecting) {
    found.push(forbidden(path, "may not specify both ipBlock and another peer"));
  }
  return found;
}

function validateBlock({ cidr, except }: IPBlock, path: string): FieldError[] {
  if (!cidr) return [required(`${path}.cidr`)];
  const problems = invalidEach(`${path}.cidr`, cidr, isCidr(cidr));
  return [
    ...problems,
    ...each(`${path}.except`, except, (one, at) => {
      const found = invalidEach(at, one, isCidr(one));
      if (found.length > 0 || problems.length > 0 || isInside(one, cidr)) return found;
      return [invalid(at, one, "must be a strict subset of `cidr`")];
    }),
  ];
}

/** Of two CIDRs that are valid: the first is a part of the second, and not all of it. */
function isInside(inner: string, outer: string): boolean {
  const [innerBits, outerBits] = [bitsOf(inner), bitsOf(outer)];
  return innerBits.length > outerBits.length && innerBits.startsWith(outerBits);
}

/** The bits of the prefix behind a mark of the family: "4:00001010". */
function bitsOf(cidr: string): string {
  const [address = "", prefix = "0"] = cidr.split("/");
  const bits = isIpv4(address) ? ipv4Bits(address) : ipv6Bits(address);
  return `${isIpv4(address) ? 4 : 6}:${bits.slice(0, Number(prefix))}`;
}

function ipv4Bits(address: string): string {
  return address
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
}

/** The URL parser writes an address in its shortest form, with its last 32 bits in hexadecimal too. */
function ipv6Bits(address: string): string {
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const front = head.split(":").filter(Boolean);
  const back = (tail ?? "").split(":").filter(Boolean);
  const zeros = Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back]
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, "0"))
    .join("");
}
