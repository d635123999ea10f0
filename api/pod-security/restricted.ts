import {
  type Check,
  containersOf,
  listed,
  namesWhere,
  plural,
  podAnd,
  quoted,
  violation,
} from "#api/pod-security/containers";
import type { PodSpec, SeccompProfile, Volume } from "#api/schema/types";

/**
 * The level "restricted": what a container is not in need of, it does not get. A pod with a user namespace of its
 * own (hostUsers: false) may run as its root, as with Kubernetes' gate UserNamespacesPodSecurityStandards.
 * Source: Kubernetes, "Pod Security Standards".
 */
const allowedVolumes = [
  ...["configMap", "downwardAPI", "emptyDir", "projected", "secret", "csi"],
  ...["persistentVolumeClaim", "ephemeral", "image"],
];

export const allowPrivilegeEscalation: Check = (spec) => {
  const names = namesWhere(spec, (one) => one.securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  const detail = `${listed("container", names)} must set securityContext.allowPrivilegeEscalation=false`;
  return violation("allowPrivilegeEscalation != false", detail);
};

export const capabilitiesRestricted: Check = (spec) => {
  const mustDrop = namesWhere(
    spec,
    (one) => !(one.securityContext?.capabilities?.drop ?? []).includes("ALL"),
  );
  const isBad = (name: string): boolean => name !== "NET_BIND_SERVICE";
  const mustNotAdd = namesWhere(spec, (one) =>
    (one.securityContext?.capabilities?.add ?? []).some(isBad),
  );
  const details: string[] = [];
  if (mustDrop.length > 0) {
    details.push(
      `${listed("container", mustDrop)} must set securityContext.capabilities.drop=["ALL"]`,
    );
  }
  if (mustNotAdd.length > 0) {
    const all = containersOf(spec).flatMap((one) => one.securityContext?.capabilities?.add ?? []);
    const added = [...new Set(all.filter(isBad))].sort();
    details.push(
      `${listed("container", mustNotAdd)} must not include ${quoted(added)} in securityContext.capabilities.add`,
    );
  }
  return details.length > 0
    ? violation("unrestricted capabilities", details.join("; "))
    : undefined;
};

export const restrictedVolumes: Check = (spec) => {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.includes(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = [...new Set(bad.map(typeOf))].sort();
  const names = bad.map(({ name }) => name);
  const verb = names.length === 1 ? "uses" : "use";
  const detail = `${listed("volume", names)} ${verb} restricted volume ${plural("type", types)} ${quoted(types)}`;
  return violation("restricted volume types", detail);
};

/** A volume that says nothing is an emptyDir. */
function typeOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== "name") ?? "emptyDir";
}

export const runAsNonRoot: Check = (spec) => {
  if (hasOwnUsers(spec)) return undefined;
  const pod = spec.securityContext?.runAsNonRoot;
  const explicit = namesWhere(spec, (one) => one.securityContext?.runAsNonRoot === false);
  const unset = namesWhere(spec, (one) => one.securityContext?.runAsNonRoot === undefined);
  const isPodBad = pod === false && (unset.length > 0 || explicit.length > 0);
  const bad = podAnd(isPodBad, explicit);
  if (bad) {
    return violation(REASON_NON_ROOT, `${bad} must not set securityContext.runAsNonRoot=false`);
  }
  if (pod === true || unset.length === 0) return undefined;
  const detail = `pod or ${listed("container", unset)} must set securityContext.runAsNonRoot=true`;
  return violation(REASON_NON_ROOT, detail);
};
const REASON_NON_ROOT = "runAsNonRoot != true";

export const runAsUser: Check = (spec) => {
  if (hasOwnUsers(spec)) return undefined;
  const names = namesWhere(spec, (one) => one.securityContext?.runAsUser === 0);
  const who = podAnd(spec.securityContext?.runAsUser === 0, names);
  return who ? violation("runAsUser=0", `${who} must not set runAsUser=0`) : undefined;
};

export const seccompRestricted: Check = (spec) => {
  const isGood = (profile: SeccompProfile | undefined): boolean =>
    profile?.type === "RuntimeDefault" || profile?.type === "Localhost";
  const pod = spec.securityContext?.seccompProfile;
  const wrong = namesWhere(spec, ({ securityContext }) => {
    const own = securityContext?.seccompProfile;
    return own?.type !== undefined && !isGood(own);
  });
  const isPodBad = pod?.type !== undefined && !isGood(pod);
  const bad = podAnd(isPodBad, wrong);
  if (bad) {
    const types = [
      ...(isPodBad ? [pod?.type ?? ""] : []),
      ...containersOf(spec)
        .filter(({ name }) => wrong.includes(name))
        .map((one) => one.securityContext?.seccompProfile?.type ?? ""),
    ];
    const detail = `${bad} must not set securityContext.seccompProfile.type to ${quoted([...new Set(types)])}`;
    return violation("seccompProfile", detail);
  }
  if (isGood(pod)) return undefined;
  const unset = namesWhere(spec, (one) => !one.securityContext?.seccompProfile?.type);
  if (unset.length === 0) return undefined;
  const detail = `pod or ${listed("container", unset)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return violation("seccompProfile", detail);
};

function hasOwnUsers({ hostUsers }: PodSpec): boolean {
  return hostUsers === false;
}
