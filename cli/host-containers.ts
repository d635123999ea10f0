import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rooms } from "#cli/rooms";
import type { Locations } from "#kit/locations";

/** The containers of this host from what the runtime wrote down: the control plane is not asked. */
export interface HostContainer {
  readonly id: string;
  readonly namespace: string;
  readonly pod: string;
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly createdAtMs: number;
  readonly pid?: number;
  readonly memory?: { readonly rssBytes: number; readonly workingSetBytes: number };
}

/** The labels that the agent writes, in the kubelet's spelling. */
const POD_NAME = "io.kubernetes.pod.name";
const POD_NAMESPACE = "io.kubernetes.pod.namespace";
const CONTAINER_NAME = "io.kubernetes.container.name";

export async function hostContainers(locations: Locations): Promise<readonly HostContainer[]> {
  const root = join(locations.run, "sandboxes");
  if (!existsSync(root)) return [];
  const [{ Records }, { exitOf, reasonOf }, { detectHierarchy }] = await Promise.all([
    rooms.containerRecords(),
    rooms.containerExits(),
    rooms.cgroups(),
  ]);
  const records = new Records(root);
  const hierarchy = detectHierarchy(readFileSync("/proc/self/mountinfo", "utf8"));
  const found = records.load().flatMap(({ sandbox, containers }) =>
    containers.map(async (container): Promise<HostContainer> => {
      const { config, startError } = container;
      const [group] = [join(locations.instance, sandbox.config.cgroupParent, container.id)];
      const exit = records.readExit(container);
      const pid = exit ? undefined : firstProcess(hierarchy.directories(group));
      const usage = pid === undefined ? undefined : await hierarchy.usage(group);
      const ended = exit && `${reasonOf(exit)} (${exitOf(exit.status).exitCode})`;
      return {
        id: container.id,
        namespace: config.labels[POD_NAMESPACE] ?? "",
        pod: config.labels[POD_NAME] ?? sandbox.config.name,
        name: config.labels[CONTAINER_NAME] ?? config.name,
        image: config.image,
        state: startError ? "StartError" : (ended ?? (pid === undefined ? "Created" : "Running")),
        createdAtMs: container.createdAtMs,
        ...(pid === undefined ? {} : { pid }),
        ...(usage
          ? {
              memory: {
                rssBytes: usage.memoryRssBytes,
                workingSetBytes: usage.memoryWorkingSetBytes,
              },
            }
          : {}),
      };
    }),
  );
  return Promise.all(found);
}

/** The lowest process id of the group: the one that the container was started with, or its oldest heir. */
function firstProcess(directories: readonly string[]): number | undefined {
  for (const directory of directories) {
    const file = join(directory, "cgroup.procs");
    if (!existsSync(file)) continue;
    const pids = readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);
    if (pids.length > 0) return Math.min(...pids);
  }
  return undefined;
}
