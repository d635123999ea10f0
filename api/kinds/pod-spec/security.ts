import { duplicate, forbidden, invalid, invalidEach, required } from "#api/machinery/field-path";
import { inRange } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { each, oneOf, optionalOneOf } from "#api/kinds/rules/values";
import type {
  Container,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "#api/schema/types";

const MAX_ID = 2 ** 31 - 1;
const sysctlPart = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlName = /^[a-z0-9](?:[-_./a-z0-9]*[a-z0-9])?$/;
const sysctlSeparators = /[./-]{2}|_[./]|[./]_/;

export function validatePodSecurity(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext ?? {};
  const at = `${path}.securityContext`;
  const found = [
    ...validateIds(context, at),
    ...validateId(`${at}.fsGroup`, context.fsGroup),
    ...each(`${at}.supplementalGroups`, context.supplementalGroups, (id, field) =>
      validateId(field, id),
    ),
    ...optionalOneOf(`${at}.fsGroupChangePolicy`, context.fsGroupChangePolicy, [
      "OnRootMismatch",
      "Always",
    ]),
    ...validateSeccomp(context.seccompProfile, `${at}.seccompProfile`),
    ...validateSysctls(context.sysctls, `${at}.sysctls`),
    ...validateUserNamespace(spec, path),
  ];
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    found.push(invalid(`${path}.shareProcessNamespace`, true, detail));
  }
  return found;
}

function validateUserNamespace(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return requireMaskedProc(spec, path);
  const detail = "when `hostUsers` is false";
  return [
    ...(["hostNetwork", "hostPID", "hostIPC"] as const)
      .filter((name) => spec[name] === true)
      .map((name) => forbidden(`${path}.${name}`, detail)),
    ...containerPaths(spec, path)
      .filter(([container]) => (container.volumeDevices ?? []).length > 0)
      .map(([, at]) => forbidden(`${at}.volumeDevices`, detail)),
  ];
}

function requireMaskedProc(spec: PodSpec, path: string): FieldError[] {
  return containerPaths(spec, path)
    .filter(([{ securityContext }]) => securityContext?.procMount === "Unmasked")
    .map(([, at]) => {
      const detail = "`hostUsers` must be false to use `Unmasked`";
      return invalid(`${at}.securityContext.procMount`, "Unmasked", detail);
    });
}

function containerPaths(spec: PodSpec, path: string): (readonly [Container, string])[] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, at) => [container, `${path}.${list}[${at}]`] as const),
  );
}

function validateSysctls(sysctls: Sysctl[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(path, sysctls, ({ name }, at) => {
    if (!name) return [required(`${at}.name`)];
    if (name.length > 253 || !sysctlName.test(name) || sysctlSeparators.test(name)) {
      const detail = `must have at most 253 characters and match regex ^(${sysctlPart}[\\./])*${sysctlPart}$`;
      return [invalid(`${at}.name`, name, detail)];
    }
    if (seen.has(name)) return [duplicate(`${at}.name`, name)];
    seen.add(name);
    return [];
  });
}

export function validateContainerSecurity(
  context: SecurityContext | undefined,
  path: string,
): FieldError[] {
  if (!context) return [];
  const found = [
    ...validateIds(context, path),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...optionalOneOf(`${path}.procMount`, context.procMount, ["Default", "Unmasked"]),
  ];
  if (context.allowPrivilegeEscalation !== false) return found;
  const added = context.capabilities?.add ?? [];
  const contradictions = [
    ...(context.privileged ? ["`privileged` to true"] : []),
    ...(added.some((one) => one === "SYS_ADMIN" || one === "CAP_SYS_ADMIN")
      ? ["`capabilities.Add` CAP_SYS_ADMIN"]
      : []),
  ];
  for (const other of contradictions) {
    const detail = `cannot set \`allowPrivilegeEscalation\` to false and ${other}`;
    found.push(invalid(path, context, detail));
  }
  return found;
}

function validateIds(
  context: Pick<SecurityContext, "runAsUser" | "runAsGroup">,
  path: string,
): FieldError[] {
  return [
    ...validateId(`${path}.runAsUser`, context.runAsUser),
    ...validateId(`${path}.runAsGroup`, context.runAsGroup),
  ];
}

function validateId(field: string, id: number | undefined): FieldError[] {
  return id === undefined ? [] : invalidEach(field, id, inRange(id, 0, MAX_ID));
}

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type, localhostProfile } = profile;
  const found = oneOf(`${path}.type`, type, ["Localhost", "RuntimeDefault", "Unconfined"]);
  const field = `${path}.localhostProfile`;
  if (type === "Localhost" && !localhostProfile) {
    found.push(required(field, "must be set when seccomp type is Localhost"));
  }
  if (type !== "Localhost" && localhostProfile !== undefined) {
    const detail = "can only be set when seccomp type is Localhost";
    found.push(invalid(field, localhostProfile, detail));
  }
  return found;
}
