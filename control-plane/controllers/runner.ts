import { keyOf } from "#api/machinery/meta";
import type { Client } from "#client/client";
import { createWorkqueue, type Workqueue } from "#client/workqueue";
import type { Caches, Controller } from "#control-plane/controllers/controller";
import { Executor, isExpected } from "#control-plane/controllers/executor";
import { untilCached } from "#control-plane/controllers/read-your-writes";
import type { ControllerMetrics } from "#control-plane/controllers/metrics";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import type { EndSpan, Spans } from "#kit/trace";

/**
 * Runs one controller: feeds its queue from the caches, executes plans, and before a key is looked at again
 * waits until the caches show what was written for it, so that no plan is made from a picture older than its
 * own deeds. Failures are retried with the key's own backoff.
 */
export interface RunnerOptions {
  readonly client: Client;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Default: nobody counts or traces. */
  readonly observing?: ControllersObserving | undefined;
}

export interface ControllersObserving {
  readonly metrics: ControllerMetrics;
  readonly spans: Spans;
}

const DEFAULT_WORKERS = 4;

/** What plans remembered, by key: at most one for each object that there is. */
type Memories = Map<string, unknown>;

/** Resolves when the signal has aborted and nothing is under way any more. */
export async function runController(controller: Controller, options: RunnerOptions): Promise<void> {
  const { caches, signal } = options;
  const queue = queueOf(controller, options);
  connect(controller, caches, queue);
  signal.addEventListener("abort", () => queue.shutDown(), { once: true });
  if (!(await areSynced(controller, caches, signal))) return;
  const memories: Memories = new Map();
  const workers = Array.from({ length: controller.workers ?? DEFAULT_WORKERS }, () =>
    work(controller, options, queue, memories),
  );
  await Promise.all(workers);
}

function queueOf({ name }: Controller, { clock, observing }: RunnerOptions): Workqueue {
  if (!observing) return createWorkqueue({ clock });
  return observing.metrics.counted(name, (onAdd) => createWorkqueue({ clock, onAdd }));
}

/** A plan from half a list would make what exists already. False: stopped before. */
async function areSynced(
  { reconciles, watches }: Controller,
  caches: Caches,
  signal: AbortSignal,
): Promise<boolean> {
  const kinds = [reconciles, ...watches.map(({ kind }) => kind)];
  try {
    await Promise.all(kinds.map((kind) => caches.informer(kind).synced));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}

function connect(controller: Controller, caches: Caches, queue: Workqueue): void {
  caches.informer(controller.reconciles).onChange(({ previous, current }) => {
    const object = current ?? previous;
    if (object) queue.add(keyOf(object));
  });
  for (const watched of controller.watches) {
    caches.informer(watched.kind).onChange(({ previous, current }) => {
      // A change of owner concerns the former one too.
      for (const object of [previous, current]) {
        if (object) for (const key of watched.keysOf(object, caches)) queue.add(key);
      }
    });
  }
}

async function work(
  controller: Controller,
  options: RunnerOptions,
  queue: Workqueue,
  memories: Memories,
): Promise<void> {
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
    if (options.signal.aborted) return;
    const end = options.observing?.metrics.reconcile(controller.name);
    try {
      const requeueMs = await reconcile(controller, options, key, memories);
      end?.(requeueMs === undefined ? "success" : "requeue_after");
      queue.forget(key);
      if (requeueMs !== undefined) queue.addAfter(key, requeueMs);
    } catch (error) {
      end?.(isExpected(error) ? "conflict" : "error");
      if (!isExpected(error)) {
        options.log.warn("reconcile failed", {
          controller: controller.name,
          key,
          traceId: options.observing?.spans.traceIdOf(uidOf(controller, options, key)),
          error: errorChain(error),
        });
      }
      queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}

/** Only of looks that something follows from. */
function spanOf(controller: Controller, options: RunnerOptions, key: string): EndSpan | undefined {
  const uid = uidOf(controller, options, key);
  const object = `${controller.reconciles.plural} ${key}`;
  return options.observing?.spans.begin("controller", `reconcile ${controller.name}`, uid, object);
}

function uidOf({ reconciles }: Controller, { caches }: RunnerOptions, key: string): string {
  return caches.get(reconciles, key)?.metadata.uid ?? "";
}

async function reconcile(
  controller: Controller,
  options: RunnerOptions,
  key: string,
  memories: Memories,
): Promise<number | undefined> {
  const { clock, client, caches } = options;
  const observed = controller.observe(caches, key);
  if (observed === undefined) {
    memories.delete(key);
    return undefined;
  }
  const memory = memories.get(key);
  const from = { client, caches, nowMs: clock.now(), memory };
  const input = controller.gather ? await controller.gather(observed, from) : observed;
  const actions = controller.plan(input, clock.now(), memory);
  const requeues = actions.flatMap((action) => (action.type === "requeue" ? [action.afterMs] : []));
  const remember = (next: unknown): void => void memories.set(key, next);
  const executor = new Executor(controller.name, { ...options, remember });
  const endSpan = actions.length === requeues.length ? undefined : spanOf(controller, options, key);
  try {
    await executor.run(actions);
  } finally {
    if (executor.written.length > 0) endSpan?.({ writes: executor.written.length });
    await untilCached(executor.written, options);
  }
  return requeues.length > 0 ? Math.max(1, Math.min(...requeues)) : undefined;
}
