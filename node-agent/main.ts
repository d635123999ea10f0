import { join } from "node:path";
import { type Clock, systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { type Rng, systemRng } from "#kit/rng";
import { type Agent, podDirectoriesOf, runAgent } from "#node-agent/agent";
import type { PodNetwork } from "#node-agent/network/network";
import { obtainCredentials } from "#node-agent/node/credentials";
import { removeMemoryRoot } from "#node-agent/volumes/memory-root";
import { cleanupPodVolumes, podDirectoryUids } from "#node-agent/volumes/pod-volumes";
import type { Runtime } from "#runtime/runtime";

/** The agent's composition root: chooses the implementations behind its seams. */
export interface StartAgentOptions {
  readonly locations: Locations;
  /** "https://127.0.0.1:6443" */
  readonly serverUrl: string;
  /** The cluster's authority: whom to trust when joining. */
  readonly caPem: string;
  /** Only needed while this node has no certificate. */
  readonly joinToken?: string;
  readonly nodeName: string;
  readonly log: Log;
  /** Default: Kaji's own. */
  readonly runtime?: Runtime;
  readonly network?: PodNetwork;
  readonly clock?: Clock;
  readonly rng?: Rng;
}

export async function startAgent(options: StartAgentOptions): Promise<Agent> {
  const { locations, log, serverUrl, caPem, nodeName } = options;
  const clock = options.clock ?? systemClock;
  const credentials = await obtainCredentials({
    directory: join(locations.lib, "agent"),
    serverUrl,
    caPem,
    joinToken: options.joinToken,
    nodeName,
    nowMs: clock.now(),
  });
  const runtime = options.runtime ?? (await ownRuntime(locations, clock, log));
  const network = options.network ?? (await ownNetwork(locations, clock, log));
  await runtime.start();
  return runAgent({
    locations,
    nodeName,
    runtime,
    network,
    credentials,
    serverHost: new URL(serverUrl).hostname,
    clock,
    rng: options.rng ?? systemRng,
    log,
  });
}

async function ownRuntime(locations: Locations, clock: Clock, log: Log): Promise<Runtime> {
  const { createEmbeddedRuntime } = await import("#runtime/embedded");
  const { createImageStore } = await import("#runtime/images/image-store");
  const inUse = async (): Promise<ReadonlySet<string>> =>
    new Set((await runtime.listContainers()).map(({ imageId }) => imageId));
  const images = createImageStore({ root: join(locations.lib, "images"), log, clock, inUse });
  const runtime: Runtime = createEmbeddedRuntime({ locations, images, log, clock });
  return runtime;
}

async function ownNetwork(locations: Locations, clock: Clock, log: Log): Promise<PodNetwork> {
  const { createPodNetwork } = await import("#node-agent/network/pod-network");
  return createPodNetwork({ locations, clock, log });
}

export interface CleanUpOptions {
  readonly locations: Locations;
  readonly log: Log;
  readonly runtime?: Runtime;
  readonly network?: PodNetwork;
}

/**
 * Gives the host back as it was: every container ends, and no mount, namespace, cgroup, rule or interface of this
 * root is left. The agent must not be running.
 */
export async function cleanUpHost(options: CleanUpOptions): Promise<void> {
  const { locations, log } = options;
  const runtime = options.runtime ?? (await ownRuntime(locations, systemClock, log));
  const network = options.network ?? (await ownNetwork(locations, systemClock, log));
  await runtime.start();
  try {
    for (const { id } of await runtime.listSandboxes()) {
      await runtime.stopSandbox(id);
      await runtime.removeSandbox(id);
    }
  } finally {
    await runtime.close();
  }
  const { removeInstanceGroups } = await import("#runtime/embedded/clean-up");
  removeInstanceGroups(locations);
  await network.destroy();
  const directories = podDirectoriesOf(locations);
  for (const uid of await podDirectoryUids(directories)) await cleanupPodVolumes(directories, uid);
  await removeMemoryRoot(directories.memory);
}
