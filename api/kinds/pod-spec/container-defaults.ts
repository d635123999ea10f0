import { canonicalizeQuantities, canonicalOrAsIs } from "#api/kinds/rules/quantities";
import type {
  Container,
  EphemeralContainer,
  HTTPGetAction,
  LifecycleHandler,
  Probe,
} from "#api/schema/types";

/** Mutates the container. The same for containers of a pod and of a template. */
export function defaultContainer(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ??= pullPolicyOf(container.image ?? "");
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.resources ??= {};
  canonicalizeQuantities(container.resources.requests);
  canonicalizeQuantities(container.resources.limits);
  for (const port of container.ports ?? []) port.protocol ??= "TCP";
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe) defaultProbe(probe);
  }
  defaultHandler(container.lifecycle?.postStart);
  defaultHandler(container.lifecycle?.preStop);
  defaultEnvironment(container);
}

/** An image that may move under its name (":latest", or no tag) is pulled at every start. */
function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]*)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.httpGet) defaultHttpGet(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= "";
}

function defaultHandler(handler: LifecycleHandler | undefined): void {
  if (handler?.httpGet) defaultHttpGet(handler.httpGet);
}

function defaultHttpGet(action: HTTPGetAction): void {
  action.path ||= "/";
  action.scheme ||= "HTTP";
}

function defaultEnvironment(container: Container | EphemeralContainer): void {
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= "v1";
    const resource = valueFrom?.resourceFieldRef;
    if (resource) resource.divisor = canonicalOrAsIs(resource.divisor ?? "0");
  }
}

/** In a pod, not in a template: what is limited and not requested is requested as much as it is limited. */
export function defaultRequestsFromLimits(container: Container): void {
  const { resources } = container;
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

/** In a pod, not in a template: on the host's network a container's port is the host's port. */
export function defaultHostPorts(container: Container): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
}
