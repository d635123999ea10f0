import type { GroupPlan } from "#runtime/cgroups/hierarchy";
import { CLONE_NEWIPC, CLONE_NEWUTS, MS_NODEV, MS_NOEXEC, MS_NOSUID } from "#runtime/plan/flags";
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
  const { namespaces } = config;
  const ownsNetwork = namespaces.network === "sandbox";
  const ownsIpc = namespaces.ipc === "sandbox";
  const flags = (ownsNetwork ? CLONE_NEWUTS : 0) | (ownsIpc ? CLONE_NEWIPC : 0);
  const shmFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  return {
    setUp: [
      ...group.create,
      ...(flags === 0 ? [] : ([["unshare", flags]] as const)),
      ...(ownsNetwork ? networkSteps(config) : []),
      ...(ownsNetwork ? ([["hostname", config.hostname]] as const) : []),
      ...sysctlSteps(config),
      ...(namespaces.pid === "sandbox" ? ([["pid_namespace"]] as const) : []),
      ...(ownsIpc
        ? ([
            ["mkdir", paths.shm, 0o1777],
            ["mount", "shm", paths.shm, "tmpfs", shmFlags, SHM_OPTIONS],
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

function networkSteps({ network }: SandboxConfig): readonly Step[] {
  if (network === undefined) return [["network_namespace"]];
  return [
    ["network_namespace"],
    ["veth", network.bridge, network.hostInterface, network.address, network.gateway, network.mtu],
  ];
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
    return ["write", `/proc/sys/${dotted.replaceAll(".", "/")}`, value];
  });
}
