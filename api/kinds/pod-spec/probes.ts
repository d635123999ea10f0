import { forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { isPortNumber } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { validatePortReference } from "#api/kinds/pod-spec/ports";
import { each, nonNegative, oneOf, positive, requiredText } from "#api/kinds/rules/values";
import type {
  Container,
  EphemeralContainer,
  HTTPGetAction,
  LifecycleHandler,
  Probe,
} from "#api/schema/types";

type Action = Pick<Probe, "exec" | "httpGet" | "tcpSocket" | "grpc"> &
  Pick<LifecycleHandler, "sleep">;

const actionNames = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;
const headerName = /^[-A-Za-z0-9]+$/;

export function validateProbes(
  container: Container | EphemeralContainer,
  path: string,
): FieldError[] {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const found = [
    ...validateProbe(livenessProbe, `${path}.livenessProbe`),
    ...validateProbe(readinessProbe, `${path}.readinessProbe`),
    ...validateProbe(startupProbe, `${path}.startupProbe`),
  ];
  for (const [name, probe] of Object.entries({ livenessProbe, startupProbe })) {
    if (probe && probe.successThreshold !== 1) {
      found.push(invalid(`${path}.${name}.successThreshold`, probe.successThreshold, "must be 1"));
    }
  }
  const grace = readinessProbe?.terminationGracePeriodSeconds;
  if (grace !== undefined) {
    const field = `${path}.readinessProbe.terminationGracePeriodSeconds`;
    found.push(invalid(field, grace, "must not be set for readinessProbes"));
  }
  return found;
}

function validateProbe(probe: Probe | undefined, path: string): FieldError[] {
  if (!probe) return [];
  return [
    ...validateAction(probe, path),
    ...nonNegative(`${path}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...nonNegative(`${path}.timeoutSeconds`, probe.timeoutSeconds),
    ...nonNegative(`${path}.periodSeconds`, probe.periodSeconds),
    ...nonNegative(`${path}.successThreshold`, probe.successThreshold),
    ...nonNegative(`${path}.failureThreshold`, probe.failureThreshold),
    ...positive(`${path}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds),
  ];
}

export function validateLifecycle(
  container: Container | EphemeralContainer,
  path: string,
  gracePeriodSeconds: number,
): FieldError[] {
  const { postStart, preStop } = container.lifecycle ?? {};
  return [
    ...(postStart ? validateHandler(postStart, `${path}.postStart`, gracePeriodSeconds) : []),
    ...(preStop ? validateHandler(preStop, `${path}.preStop`, gracePeriodSeconds) : []),
  ];
}

function validateHandler(
  handler: LifecycleHandler,
  path: string,
  gracePeriodSeconds: number,
): FieldError[] {
  const found = validateAction(handler, path);
  const seconds = handler.sleep?.seconds;
  if (seconds !== undefined && (seconds < 0 || seconds > gracePeriodSeconds)) {
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`;
    found.push(invalid(`${path}.sleep`, seconds, detail));
  }
  return found;
}

function validateAction(action: Action, path: string): FieldError[] {
  const [first, ...rest] = actionNames.filter((name) => action[name] !== undefined);
  if (first === undefined) return [required(path, "must specify a handler type")];
  const found = rest.map((name) =>
    forbidden(`${path}.${name}`, "may not specify more than 1 handler type"),
  );
  if (action.exec && (action.exec.command ?? []).length === 0) {
    found.push(required(`${path}.exec.command`));
  }
  if (action.httpGet) found.push(...validateHttpGet(action.httpGet, `${path}.httpGet`));
  if (action.tcpSocket) {
    found.push(...validatePortReference(action.tcpSocket.port, `${path}.tcpSocket.port`));
  }
  if (action.grpc) {
    const { port } = action.grpc;
    found.push(...invalidEach(`${path}.grpc.port`, port, isPortNumber(port)));
  }
  return found;
}

function validateHttpGet(action: HTTPGetAction, path: string): FieldError[] {
  return [
    ...requiredText(`${path}.path`, action.path),
    ...validatePortReference(action.port, `${path}.port`),
    ...oneOf(`${path}.scheme`, action.scheme, ["HTTP", "HTTPS"]),
    ...each(`${path}.httpHeaders`, action.httpHeaders, ({ name }) =>
      headerName.test(name)
        ? []
        : [
            invalid(
              `${path}.httpHeaders`,
              name,
              "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
            ),
          ],
    ),
  ];
}
