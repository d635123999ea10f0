import {
  duplicate,
  forbidden,
  immutable,
  invalid,
  invalidEach,
  required,
} from "#api/machinery/field-path";
import { inRange, isDns1123Label, isDns1123Subdomain } from "#api/machinery/names";
import { validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import { protocols, validatePortReference } from "#api/kinds/pod-spec/ports";
import { isReachableFromOutside } from "#api/kinds/service-defaults";
import { isIp } from "#api/kinds/rules/ip";
import { each, oneOf, optionalOneOf, portNumber } from "#api/kinds/rules/values";
import type { Service, ServicePort, ServiceSpec } from "#api/schema/types";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const MAX_AFFINITY_SECONDS = 86_400;

export function validateService({ spec }: Service): FieldError[] {
  return [
    ...validatePorts(spec),
    ...validateLabels(spec.selector, "spec.selector"),
    ...oneOf("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]),
    ...validateAffinitySeconds(spec),
    ...oneOf("spec.type", spec.type, types),
    ...validateClusterIp(spec),
    ...each("spec.externalIPs", spec.externalIPs, (ip, at) => invalidEach(at, ip, isIp(ip))),
    ...validateByType(spec),
    ...optionalOneOf("spec.internalTrafficPolicy", spec.internalTrafficPolicy, [
      "Cluster",
      "Local",
    ]),
    ...validateExternalPolicy(spec),
    ...validateFamilies(spec),
  ];
}

function validateFamilies(spec: ServiceSpec): FieldError[] {
  return [
    ...optionalOneOf("spec.ipFamilyPolicy", spec.ipFamilyPolicy, [
      "PreferDualStack",
      "RequireDualStack",
      "SingleStack",
    ]),
    ...each("spec.ipFamilies", spec.ipFamilies, (family, at) =>
      optionalOneOf(at, family, ["IPv4", "IPv6"]),
    ),
  ];
}

function validatePorts(spec: ServiceSpec): FieldError[] {
  const ports = spec.ports ?? [];
  const isHeadless = spec.clusterIP === "None";
  if (ports.length === 0 && !isHeadless && spec.type !== "ExternalName") {
    return [required("spec.ports")];
  }
  const names = new Set<string>();
  const found = each("spec.ports", ports, (port, at) => [
    ...validateName(port, `${at}.name`, ports.length > 1, names),
    ...portNumber(`${at}.port`, port.port),
    ...oneOf(`${at}.protocol`, port.protocol, protocols),
    ...validatePortReference(port.targetPort, `${at}.targetPort`),
    ...validateNodePort(port, spec, `${at}.nodePort`),
  ]);
  return [...found, ...validateDuplicates(ports)];
}

function validateName(
  { name }: ServicePort,
  field: string,
  isRequired: boolean,
  seen: Set<string>,
): FieldError[] {
  if (!name) return isRequired ? [required(field)] : [];
  const found = invalidEach(field, name, isDns1123Label(name));
  if (seen.has(name)) found.push(duplicate(field, name));
  seen.add(name);
  return found;
}

function validateNodePort(port: ServicePort, spec: ServiceSpec, field: string): FieldError[] {
  if (!port.nodePort) return [];
  return spec.type === "NodePort" || spec.type === "LoadBalancer"
    ? invalidEach(field, port.nodePort, inRange(port.nodePort, 1, 65535))
    : [forbidden(field, "may not be used when `type` is 'ClusterIP'")];
}

/** One protocol and port lead to one place; one node port to one service port. */
function validateDuplicates(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  return each("spec.ports", ports, ({ protocol = "TCP", port, nodePort }, at) => {
    const found: FieldError[] = [];
    if (seen.has(`${protocol}/${port}`)) found.push(duplicate(at, { protocol, port }));
    if (nodePort && seen.has(`node ${protocol}/${nodePort}`)) {
      found.push(duplicate(`${at}.nodePort`, nodePort));
    }
    seen.add(`${protocol}/${port}`).add(`node ${protocol}/${nodePort ?? ""}`);
    return found;
  });
}

function validateAffinitySeconds(spec: ServiceSpec): FieldError[] {
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined || (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS)) return [];
  const field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
  return [invalid(field, seconds, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`)];
}

function validateClusterIp(spec: ServiceSpec): FieldError[] {
  const { clusterIP, clusterIPs = [] } = spec;
  const found = each("spec.clusterIPs", clusterIPs, (ip, at) =>
    ip === "None" || ip === "" ? [] : invalidEach(at, ip, isIp(ip)),
  );
  if (clusterIP && clusterIPs[0] !== undefined && clusterIPs[0] !== clusterIP) {
    found.push(invalid("spec.clusterIPs", clusterIPs, "first value must match `clusterIP`"));
  }
  return found;
}

function validateByType(spec: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName") {
    const name = (spec.externalName ?? "").replace(/\.$/, "");
    return name
      ? invalidEach("spec.externalName", spec.externalName, isDns1123Subdomain(name))
      : [required("spec.externalName")];
  }
  const isHeadless = spec.clusterIP === "None" || spec.clusterIPs?.[0] === "None";
  if (isHeadless && (spec.type === "NodePort" || spec.type === "LoadBalancer")) {
    const detail = `may not be set to 'None' for ${spec.type} services`;
    return [invalid("spec.clusterIPs[0]", "None", detail)];
  }
  return [];
}

function validateExternalPolicy(spec: ServiceSpec): FieldError[] {
  const field = "spec.externalTrafficPolicy";
  const policy = spec.externalTrafficPolicy;
  if (policy === undefined) return [];
  return isReachableFromOutside(spec)
    ? optionalOneOf(field, policy, ["Cluster", "Local"])
    : [invalid(field, policy, "may only be set for externally-accessible services")];
}

/** A cluster IP, once allocated, stays as long as the service has one. */
export function validateServiceUpdate(next: Service, previous: Service): FieldError[] {
  const isExternal = [next, previous].some(({ spec }) => spec.type === "ExternalName");
  if (isExternal || !previous.spec.clusterIP) return [];
  return immutable("spec.clusterIPs[0]", next.spec.clusterIP, previous.spec.clusterIP);
}
