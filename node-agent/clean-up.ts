import { type Clock, sleep } from "#kit/clock";
import type { Locations } from "#kit/locations";
import { errorChain, type Log } from "#kit/log";
import { podDirectoriesOf } from "#node-agent/agent";
import type { PodNetwork } from "#node-agent/network/network";
import { removeRanges } from "#node-agent/users/range-book";
import { removeMemoryRoot } from "#node-agent/volumes/memory-root";
import { cleanupPodVolumes, podDirectoryUids } from "#node-agent/volumes/pod-volumes";
import type { Runtime } from "#runtime/runtime";

/**
 * Gives the host back. Each part is tried whatever became of the others, so that one container that will not go
 * leaves nothing but itself behind; the kernel may hold a mount or a group for a moment longer than its processes,
 * so what failed is tried again before it is said.
 */
export interface HostToClean {
  readonly locations: Locations;
  readonly runtime: Runtime;
  readonly network: PodNetwork;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the user ids of this host's pods are written down. Default: the host's. */
  readonly rangeDirectory?: string;
}

const TRIES = 4;
const RETRY_MS = 500;

export async function giveHostBack(host: HostToClean): Promise<void> {
  const { locations, network, runtime } = host;
  const failures: string[] = [];
  const attempt = async (what: string, step: () => Promise<void> | void): Promise<void> => {
    const failure = await failureOf(host, what, step);
    if (failure) failures.push(failure);
  };
  await runtime.start();
  try {
    for (const { id } of await runtime.listSandboxes()) {
      await attempt(`cannot remove sandbox ${id}`, async () => {
        await runtime.stopSandbox(id);
        await runtime.removeSandbox(id);
      });
    }
  } finally {
    await runtime.close();
  }
  const haveEnded = failures.length === 0;
  await attempt("cannot remove the control groups", async () => {
    const { removeInstanceGroups } = await import("#runtime/embedded/clean-up");
    removeInstanceGroups(locations);
  });
  await attempt("cannot remove the pod network", () => network.destroy());
  await attempt("cannot remove the pods' volumes", async () => {
    const directories = podDirectoriesOf(locations);
    for (const uid of await podDirectoryUids(directories)) {
      await cleanupPodVolumes(directories, uid);
    }
    await removeMemoryRoot(directories.memory);
  });
  // A pod that has not ended may hold its ids: another node would give them to one of its own.
  if (haveEnded) {
    await attempt("cannot give the pods' user ids back", () =>
      removeRanges(locations, host.rangeDirectory),
    );
  }
  if (failures.length > 0)
    throw new Error(`${failures.join("; ")}: see what holds it and try again`);
}

/** Why the last of several tries failed; undefined: one did not. */
async function failureOf(
  { clock, log }: HostToClean,
  what: string,
  step: () => Promise<void> | void,
): Promise<string | undefined> {
  for (let left = TRIES - 1; ; left--) {
    try {
      await step();
      return undefined;
    } catch (error) {
      const failure = `${what}: ${errorChain(error)}`;
      if (left === 0) return failure;
      log.warn("what would not go yet is tried again", { failure });
      await sleep(clock, RETRY_MS);
    }
  }
}
