import { duplicate, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isPortName, isPortNumber } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { isIp } from "#api/kinds/rules/ip";
import { each, oneOf } from "#api/kinds/rules/values";
import type { Container, ContainerPort, IntOrString } from "#api/schema/types";

/** Sorted, as messages list them. */
export const protocols = ["SCTP", "TCP", "UDP"] as const;

export function validateContainerPorts(
  ports: ContainerPort[] | undefined,
  path: string,
  isOnHostNetwork: boolean,
): FieldError[] {
  const names = new Set<string>();
  return each(path, ports, (port, at) => [
    ...validateName(port.name, `${at}.name`, names),
    ...(port.containerPort
      ? invalidEach(`${at}.containerPort`, port.containerPort, isPortNumber(port.containerPort))
      : [required(`${at}.containerPort`)]),
    ...validateHostPort(port, at, isOnHostNetwork),
    ...oneOf(`${at}.protocol`, port.protocol, protocols),
  ]);
}

function validateName(name: string | undefined, field: string, seen: Set<string>): FieldError[] {
  if (!name) return [];
  const problems = isPortName(name);
  if (problems.length > 0) return invalidEach(field, name, problems);
  if (seen.has(name)) return [duplicate(field, name)];
  seen.add(name);
  return [];
}

function validateHostPort(
  port: ContainerPort,
  path: string,
  isOnHostNetwork: boolean,
): FieldError[] {
  const { hostPort, hostIP, containerPort } = port;
  const field = `${path}.hostPort`;
  const found = hostPort ? invalidEach(field, hostPort, isPortNumber(hostPort)) : [];
  if (isOnHostNetwork && hostPort && hostPort !== containerPort) {
    found.push(invalid(field, hostPort, "must match `containerPort` when `hostNetwork` is true"));
  }
  if (hostIP) found.push(...invalidEach(`${path}.hostIP`, hostIP, isIp(hostIP)));
  return found;
}

/** No two containers of a pod may ask for one port of the host. */
export function validateHostPortConflicts(
  containers: readonly Container[],
  path: string,
): FieldError[] {
  const taken = new Set<string>();
  return each(path, containers, (container, containerPath) =>
    each(`${containerPath}.ports`, container.ports, (port, at) => {
      if (!port.hostPort) return [];
      const key = `${port.protocol ?? "TCP"}/${port.hostIP ?? ""}/${port.hostPort}`;
      if (taken.has(key)) return [duplicate(`${at}.hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

/** A port of a probe or a handler: a number, or the name of a container's port. */
export function validatePortReference(port: IntOrString | undefined, field: string): FieldError[] {
  if (port === undefined) return [required(field)];
  return invalidEach(field, port, typeof port === "number" ? isPortNumber(port) : isPortName(port));
}
