import type { GroupPlan } from "#runtime/cgroups/hierarchy";
import {
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWUTS,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
} from "#runtime/plan/flags";
import { optional, type Step } from "#runtime/plan/operations";
import { RuntimeError, type SandboxConfig } from "#runtime/runtime";

const SHM_OPTIONS = "mode=1777,size=65536k";

export interface SandboxPlan {
  /** Done by the new supervisor on itself. */
  readonly setUp: readonly Step[];
  /** Done by it at its end, or on the host when it died without. */
  readonly tearDown: readonly Step[];
  /** What containers see as /dev/shm. */
  readonly shm: string;
}

export function planSandbox(
  config: SandboxConfig,
  paths: { readonly shm: string },
  group: Pick<GroupPlan, "create" | "remove">,
): SandboxPlan {
  const { namespaces, users } = config;
  const ownsNetwork = namespaces.network === "sandbox";
  const ownsIpc = namespaces.ipc === "sandbox";
  const shmFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  const shmOwner = users === undefined ? "" : `,uid=${users.firstId},gid=${users.firstId}`;
  return {
    setUp: [
      ...group.create,
      ...namespaceSteps(config),
      ...(ownsNetwork ? vethSteps(config) : []),
      ...(ownsNetwork ? ([["hostname", config.hostname]] as const) : []),
      ...sysctlSteps(config),
      ...pidSteps(config),
      ...(ownsIpc
        ? ([
            ["mkdir", paths.shm, 0o1777],
            ["mount", "shm", paths.shm, "tmpfs", shmFlags, `${SHM_OPTIONS}${shmOwner}`],
          ] as const)
        : []),
    ],
    tearDown: [
      ...(ownsIpc ? [optional(["unmount", paths.shm]), optional(["rmdir", paths.shm])] : []),
      ...group.remove,
    ],
    shm: ownsIpc ? paths.shm : "/dev/shm",
  };
}

function namespaceSteps({ namespaces, users }: SandboxConfig): readonly Step[] {
  const ownsNetwork = namespaces.network === "sandbox";
  const flags =
    (ownsNetwork ? CLONE_NEWUTS : 0) | (namespaces.ipc === "sandbox" ? CLONE_NEWIPC : 0);
  if (users === undefined) {
    return [
      ...(flags === 0 ? [] : ([["unshare", flags]] as const)),
      ...(ownsNetwork ? ([["network_namespace"]] as const) : []),
    ];
  }
  if (Object.values(namespaces).includes("host")) {
    const why = "a sandbox with users of its own cannot have a namespace of the host's";
    throw new RuntimeError("InvalidArgument", why);
  }
  return [["user_namespace", users.firstId, users.count, flags | CLONE_NEWNET]];
}

function pidSteps({ namespaces, users }: SandboxConfig): readonly Step[] {
  if (namespaces.pid !== "sandbox") return [];
  return [users === undefined ? ["pid_namespace"] : ["user_pid_namespace"]];
}

function vethSteps({ network }: SandboxConfig): readonly Step[] {
  if (network === undefined) return [];
  const { bridge, hostInterface, address, gateway, mtu } = network;
  return [["veth", bridge, hostInterface, address, gateway, mtu]];
}

/** Only settings that belong to a namespace the sandbox owns: anything else would change the host. */
function sysctlSteps(config: SandboxConfig): readonly Step[] {
  return Object.entries(config.sysctls).map(([name, value]): Step => {
    const dotted = name.replaceAll("/", ".");
    const isOfNetwork = dotted.startsWith("net.") && config.namespaces.network === "sandbox";
    const isOfIpc =
      /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted) && config.namespaces.ipc === "sandbox";
    if ((!isOfNetwork && !isOfIpc) || dotted.includes("..")) {
      throw new RuntimeError("InvalidArgument", `sysctl "${name}" is not namespaced`);
    }
    const path = `/proc/sys/${dotted.replaceAll(".", "/")}`;
    // Those of the network yield to rights over it; the others to the root of their namespace's users alone.
    return config.users === undefined || isOfNetwork
      ? ["write", path, value]
      : ["write_as", config.users.firstId, path, value];
  });
}
