import { invalid, invalidEach, required } from "#api/machinery/field-path";
import {
  isDns1035Label,
  isDns1123Subdomain,
  isPortName,
  isPortNumber,
  isWildcardDns1123Subdomain,
} from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { isIp } from "#api/kinds/rules/ip";
import { each, oneOf } from "#api/kinds/rules/values";
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressServiceBackend,
  IngressTLS,
} from "#api/schema/types";

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const badSequences = ["//", "/./", "/../", "%2f", "%2F"];
const badSuffixes = ["/..", "/."];

export function validateIngress({ spec }: Ingress): FieldError[] {
  const { rules = [], defaultBackend, tls, ingressClassName } = spec;
  const found: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend) {
    found.push(invalid("spec", spec, "either `defaultBackend` or `rules` must be specified"));
  }
  if (defaultBackend) found.push(...validateBackend(defaultBackend, "spec.defaultBackend"));
  found.push(
    ...each("spec.rules", rules, (rule, at) => [
      ...(rule.host ? validateHost(rule.host, `${at}.host`) : []),
      ...(rule.http ? validatePaths(rule.http.paths ?? [], `${at}.http.paths`) : []),
    ]),
    ...each("spec.tls", tls, validateTls),
  );
  if (ingressClassName !== undefined) {
    const problems = isDns1123Subdomain(ingressClassName);
    found.push(...invalidEach("spec.ingressClassName", ingressClassName, problems));
  }
  return found;
}

function validateHost(host: string, field: string): FieldError[] {
  if (isIp(host).length === 0) {
    return [invalid(field, host, "must be a DNS name, not an IP address")];
  }
  return invalidEach(field, host, hostProblems(host));
}

function hostProblems(host: string): string[] {
  return host.includes("*") ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host);
}

function validateTls(tls: IngressTLS, path: string): FieldError[] {
  const { secretName } = tls;
  return [
    ...each(`${path}.hosts`, tls.hosts, (host, at) => invalidEach(at, host, hostProblems(host))),
    ...(secretName
      ? invalidEach(`${path}.secretName`, secretName, isDns1123Subdomain(secretName))
      : []),
  ];
}

function validatePaths(paths: readonly HTTPIngressPath[], path: string): FieldError[] {
  if (paths.length === 0) return [required(path)];
  return each(path, paths, (one, at) => [
    ...validatePath(one, at),
    ...validateBackend(one.backend, `${at}.backend`),
  ]);
}

function validatePath({ path, pathType }: HTTPIngressPath, at: string): FieldError[] {
  const field = `${at}.path`;
  if (!pathType) return [required(`${at}.pathType`, "pathType must be specified")];
  const found = oneOf(`${at}.pathType`, pathType, pathTypes);
  if (found.length > 0) return found;
  if (pathType === "ImplementationSpecific") {
    return path && !path.startsWith("/") ? [invalid(field, path, "must be an absolute path")] : [];
  }
  if (!path?.startsWith("/")) return [invalid(field, path ?? "", "must be an absolute path")];
  return [
    ...badSequences
      .filter((sequence) => path.includes(sequence))
      .map((sequence) => invalid(field, path, `must not contain '${sequence}'`)),
    ...badSuffixes
      .filter((suffix) => path.endsWith(suffix))
      .map((suffix) => invalid(field, path, `cannot end with '${suffix}'`)),
  ];
}

function validateBackend(backend: IngressBackend | undefined, path: string): FieldError[] {
  const { service, resource } = backend ?? {};
  if (service && resource) {
    return [invalid(path, "", "cannot set both resource and service backends")];
  }
  if (service) return validateServiceBackend(service, path);
  return resource ? [] : [required(path, "resource or service backend is required")];
}

function validateServiceBackend(service: IngressServiceBackend, path: string): FieldError[] {
  const found = service.name
    ? invalidEach(`${path}.service.name`, service.name, isDns1035Label(service.name))
    : [required(`${path}.service.name`)];
  const { name, number } = service.port ?? {};
  if (name && number) {
    found.push(invalid(path, "", "cannot set both port name & port number"));
  } else if (name) {
    found.push(...invalidEach(`${path}.service.port.name`, name, isPortName(name)));
  } else if (number) {
    found.push(...invalidEach(`${path}.service.port.number`, number, isPortNumber(number)));
  } else {
    found.push(required(path, "port name or number is required"));
  }
  return found;
}
