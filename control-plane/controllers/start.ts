import { setMaxListeners } from "node:events";
import type { Client } from "#client/client";
import type { Informers } from "#client/shared-informers";
import { createCaches } from "#control-plane/controllers/caches";
import { controllers } from "#control-plane/controllers/index";
import { type ControllersObserving, runController } from "#control-plane/controllers/runner";
import type { ControllerSettings } from "#control-plane/controllers/settings";
import type { EarlierSightings } from "#control-plane/controllers/sightings";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

export interface ControllersOptions {
  readonly client: Client;
  /** Of this start alone: a stopped controller leaves its handlers on them. */
  readonly informers: Informers;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Ends them. Caller must: end the informers with it or after it. */
  readonly signal: AbortSignal;
  /** Default: DEFAULT_SETTINGS. */
  readonly settings?: ControllerSettings;
  /** Of the nodes' leases, by this process, before it led. */
  readonly earlierLeases?: EarlierSightings;
  readonly observing?: ControllersObserving | undefined;
}

/** Runs every controller. Resolves when the signal has aborted and no write is under way any more. */
export async function startControllers(options: ControllersOptions): Promise<void> {
  const { informers, clock, signal } = options;
  // One listener per controller and per wait for a cache: more than Node's default of 10 is no leak here.
  setMaxListeners(0, signal);
  const caches = createCaches(informers, clock, options.settings, options.earlierLeases);
  await Promise.all(
    controllers.map((controller) => runController(controller, { ...options, caches })),
  );
}
