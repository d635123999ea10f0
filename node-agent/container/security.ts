import { join } from "node:path";
import type { Container, Pod, SeccompProfile } from "#api/schema/types";
import { ConfigError } from "#node-agent/objects";
import type { ImageConfig, SecurityContext } from "#runtime/runtime";

/** The container's securityContext over the pod's, as the runtime wants it. */
export function securityContext(
  pod: Pod,
  container: Container,
  image: ImageConfig,
  seccompRoot: string,
): SecurityContext {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const user = own.runAsUser ?? shared.runAsUser;
  const group = own.runAsGroup ?? shared.runAsGroup;
  const isPrivileged = own.privileged ?? false;
  checkNonRoot(pod, container, user, image);
  const groups = [...(shared.supplementalGroups ?? [])];
  if (shared.fsGroup !== undefined) groups.push(shared.fsGroup);
  return {
    ...(user === undefined ? {} : { runAsUser: String(user) }),
    ...(group === undefined ? {} : { runAsGroup: group }),
    supplementalGroups: [...new Set(groups)],
    isPrivileged,
    isReadOnlyRootfs: own.readOnlyRootFilesystem ?? false,
    addCapabilities: own.capabilities?.add ?? [],
    dropCapabilities: own.capabilities?.drop ?? [],
    allowPrivilegeEscalation: own.allowPrivilegeEscalation ?? true,
    seccomp: isPrivileged
      ? "unconfined"
      : seccomp(own.seccompProfile ?? shared.seccompProfile, seccompRoot),
    masksProc: !isPrivileged && own.procMount !== "Unmasked",
  };
}

/** Kaji filters by default: no profile means the runtime's, as with Kubernetes' SeccompDefault. */
function seccomp(
  profile: SeccompProfile | undefined,
  seccompRoot: string,
): SecurityContext["seccomp"] {
  if (profile?.type === "Unconfined") return "unconfined";
  if (profile?.type !== "Localhost") return "runtime-default";
  const name = profile.localhostProfile ?? "";
  if (name === "" || name.startsWith("/") || name.split("/").includes("..")) {
    throw new ConfigError(`localhostProfile "${name}" must be a path below ${seccompRoot}`);
  }
  return { path: join(seccompRoot, name) };
}

function checkNonRoot(
  pod: Pod,
  container: Container,
  user: number | undefined,
  image: ImageConfig,
): void {
  const mustBeNonRoot =
    container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot ?? false;
  if (!mustBeNonRoot) return;
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace ?? "default"}(${pod.metadata.uid ?? ""})", container: ${container.name})`;
  if (user === 0) {
    throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  }
  if (user !== undefined) return;
  const imageUser = (image.user ?? "").split(":")[0] ?? "";
  if (imageUser === "" || imageUser === "0") {
    throw new ConfigError(`container has runAsNonRoot and image will run as root ${where}`);
  }
  if (!/^\d+$/.test(imageUser)) {
    throw new ConfigError(
      `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`,
    );
  }
}
