import type { Plugin } from "#control-plane/scheduler/framework";

/** Requests must fit into what the node can allocate and has not promised yet. */
export const nodeResourcesFit: Plugin = {
  name: "NodeResourcesFit",
  filter(_prepared, { requests }, { allocatable, requested }) {
    const reasons: string[] = [];
    if (requested.pods + requests.pods > allocatable.pods) reasons.push("Too many pods");
    const lacks = (wanted: number, used: number, all: number): boolean =>
      wanted > 0 && used + wanted > all;
    if (lacks(requests.cpuMillis, requested.cpuMillis, allocatable.cpuMillis))
      reasons.push("Insufficient cpu");
    if (lacks(requests.memoryBytes, requested.memoryBytes, allocatable.memoryBytes)) {
      reasons.push("Insufficient memory");
    }
    if (
      lacks(
        requests.ephemeralStorageBytes,
        requested.ephemeralStorageBytes,
        allocatable.ephemeralStorageBytes,
      )
    ) {
      reasons.push("Insufficient ephemeral-storage");
    }
    for (const [name, wanted] of Object.entries(requests.extended)) {
      const used = requested.extended[name] ?? 0;
      if (lacks(wanted, used, allocatable.extended[name] ?? 0))
        reasons.push(`Insufficient ${name}`);
    }
    return reasons.length > 0 ? reasons : undefined;
  },
  retryOn: ["nodeAdded", "nodeChanged", "podGone"],
};
