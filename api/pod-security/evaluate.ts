import {
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  seccompBaseline,
  seLinuxOptions,
  sysctls,
  windowsHostProcess,
} from "#api/pod-security/baseline";
import type { Check, Violation } from "#api/pod-security/containers";
import {
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
} from "#api/pod-security/restricted";
import type { PodSpec } from "#api/schema/types";

/** The levels of the Pod Security Standards, the laxest first. */
export const SECURITY_LEVELS = ["privileged", "baseline", "restricted"] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

const LABELS = "pod-security.kubernetes.io/";
export const ENFORCE_LABEL = `${LABELS}enforce`;
export const WARN_LABEL = `${LABELS}warn`;
export const LEVEL_LABELS = [ENFORCE_LABEL, WARN_LABEL, `${LABELS}audit`];

const common: readonly Check[] = [hostNamespaces];
const afterVolumes: readonly Check[] = [hostPorts, privileged, procMount, seLinuxOptions];
const last: readonly Check[] = [sysctls, windowsHostProcess];

/** In the order in which Kubernetes names them; what a check of the stricter level includes is not said twice. */
const checks: Readonly<Record<SecurityLevel, readonly Check[]>> = {
  privileged: [],
  baseline: [
    capabilitiesBaseline,
    ...common,
    hostPathVolumes,
    ...afterVolumes,
    seccompBaseline,
    ...last,
  ],
  restricted: [
    ...common,
    ...afterVolumes,
    ...last,
    allowPrivilegeEscalation,
    capabilitiesRestricted,
    restrictedVolumes,
    runAsNonRoot,
    runAsUser,
    seccompRestricted,
  ],
};

export interface PodLike {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } | undefined;
  readonly spec?: PodSpec | undefined;
}

export function violationsOf({ metadata, spec }: PodLike, level: SecurityLevel): Violation[] {
  if (!spec || level === "privileged") return [];
  const found = [
    appArmorProfile(spec, metadata?.annotations),
    ...checks[level].map((check) => check(spec)),
  ];
  return found.flatMap((one) => one ?? []);
}

/** `privileged (container "a" must not ...), hostPath volumes (volume "v")`. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(", ");
}

/** What a namespace's label says; what is no level counts as the strictest. */
export function levelOf(label: string | undefined): SecurityLevel {
  if (label === undefined) return "privileged";
  return SECURITY_LEVELS.find((level) => level === label) ?? "restricted";
}

export function stricter(a: SecurityLevel, b: SecurityLevel): SecurityLevel {
  return SECURITY_LEVELS.indexOf(a) > SECURITY_LEVELS.indexOf(b) ? a : b;
}
