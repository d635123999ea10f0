import { eventKind } from "#api/kinds/event";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import { createWorkqueue, type Workqueue } from "#client/workqueue";
import type {
  Action,
  ActionTarget,
  Caches,
  Controller,
  EventTemplate,
} from "#control-plane/controllers/controller";
import { type Written, untilCached } from "#control-plane/controllers/read-your-writes";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";

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
}

const DEFAULT_WORKERS = 4;
/** Writes of one plan under way at once. */
const MAX_PARALLEL_WRITES = 16;

export async function runController(controller: Controller, options: RunnerOptions): Promise<void> {
  const queue = createWorkqueue({ clock: options.clock });
  connect(controller, options.caches, queue);
  options.signal.addEventListener("abort", () => queue.shutDown(), { once: true });
  if (options.signal.aborted) queue.shutDown();
  const workers = Array.from({ length: controller.workers ?? DEFAULT_WORKERS }, () =>
    work(controller, options, queue),
  );
  await Promise.all(workers);
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
): Promise<void> {
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
    try {
      const requeueMs = await reconcile(controller, options, key);
      queue.forget(key);
      if (requeueMs !== undefined) queue.addAfter(key, requeueMs);
    } catch (error) {
      if (!isExpected(error)) {
        options.log.warn("reconcile failed", {
          controller: controller.name,
          key,
          error: errorChain(error),
        });
      }
      queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}

/** Somebody else was faster: the next look sees it. */
function isExpected(error: unknown): boolean {
  return error instanceof StatusError && (error.code === 409 || error.code === 404);
}

async function reconcile(
  controller: Controller,
  options: RunnerOptions,
  key: string,
): Promise<number | undefined> {
  const input = controller.observe(options.caches, key);
  if (input === undefined) return undefined;
  const actions = controller.plan(input, options.clock.now());
  const requeues = actions.flatMap((action) => (action.type === "requeue" ? [action.afterMs] : []));
  const executor = new Executor(controller.name, options);
  await executor.run(actions);
  return requeues.length > 0 ? Math.max(1, Math.min(...requeues)) : undefined;
}

class Executor {
  private readonly controllerName: string;
  private readonly options: RunnerOptions;
  private readonly written: Written[] = [];

  constructor(controllerName: string, options: RunnerOptions) {
    this.controllerName = controllerName;
    this.options = options;
  }

  /** Runs of creates and of deletes go in parallel, slowly at first: a refusal stops at few, not at hundreds. */
  async run(actions: readonly Action[]): Promise<void> {
    try {
      for (let at = 0, size = 1; at < actions.length; ) {
        const batch = this.batchAt(actions, at, size);
        await Promise.all(batch.map((action) => this.execute(action)));
        at += batch.length;
        const isSame = actions[at]?.type === batch[0]?.type;
        size = isSame ? Math.min(size * 2, MAX_PARALLEL_WRITES) : 1;
      }
    } finally {
      await untilCached(this.written, this.options);
    }
  }

  private batchAt(actions: readonly Action[], at: number, size: number): readonly Action[] {
    const type = actions[at]?.type;
    if (type !== "create" && type !== "delete") return actions.slice(at, at + 1);
    let end = at;
    while (end < actions.length && end - at < size && actions[end]?.type === type) end++;
    return actions.slice(at, end);
  }

  private async execute(action: Action): Promise<void> {
    const { client } = this.options;
    switch (action.type) {
      case "create":
        return this.write(action.event, async () => {
          const made = await client.create(action.kind, action.object);
          this.written.push({ kind: action.kind, key: keyOf(made), made });
          return made.metadata.name;
        });
      case "update":
        return this.write(action.event, async () => {
          const made = await client.update(action.kind, action.object);
          this.written.push({ kind: action.kind, key: keyOf(made), made });
          return made.metadata.name;
        });
      case "updateStatus": {
        const made = await client.updateStatus(action.kind, action.object);
        this.written.push({ kind: action.kind, key: keyOf(made), made });
        return undefined;
      }
      case "patch": {
        const body = { ...(action.body as object), ...uidOf(action) };
        const made = await client.patch(
          action.kind,
          writeTarget(action.target, action.subresource),
          {
            type: "merge",
            body,
          },
        );
        this.written.push({ kind: action.kind, key: keyOf(made), made });
        return undefined;
      }
      case "delete":
        return this.write(action.event, () => this.delete(action));
      case "finalize":
        await client.raw("PUT", finalizePath(action.object), action.object);
        return undefined;
      case "event":
        return this.event(action.event, action.event.message);
      case "requeue":
        return undefined;
    }
  }

  private async delete(action: Action & { type: "delete" }): Promise<string> {
    const { name, namespace, uid } = action.target;
    try {
      await this.options.client.delete(action.kind, writeTarget(action.target), {
        ...(uid ? { preconditions: { uid } } : {}),
        ...(action.gracePeriodSeconds === undefined
          ? {}
          : { gracePeriodSeconds: action.gracePeriodSeconds }),
      });
    } catch (error) {
      // Gone already, or another object of that name: what was to be deleted is not there.
      if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 409))
        throw error;
    }
    this.written.push({
      kind: action.kind,
      key: namespace ? `${namespace}/${name}` : name,
      made: undefined,
    });
    return name;
  }

  private async write(event: EventTemplate | undefined, act: () => Promise<string>): Promise<void> {
    try {
      const name = await act();
      if (event) await this.event(event, event.message.replace("%NAME%", name));
    } catch (error) {
      const failure = event?.failure;
      if (event && failure && !isExpected(error)) {
        const message = failure.message.replace("%ERROR%", errorChain(error));
        await this.event({ ...event, type: "Warning", reason: failure.reason }, message);
      }
      throw error;
    }
  }

  private async event(template: EventTemplate, message: string): Promise<void> {
    const { client, clock, rng } = this.options;
    const event = newEvent({
      about: template.about,
      type: template.type,
      reason: template.reason,
      message,
      ...{ component: `${this.controllerName}-controller`, nowMs: clock.now(), rng },
    });
    try {
      await client.create(eventKind, event);
    } catch (error) {
      // The namespace is going: nobody will read it there.
      if (!(error instanceof StatusError) || (error.code !== 403 && error.code !== 404))
        throw error;
    }
  }
}

function uidOf(action: Action & { type: "patch" }): object {
  const { metadata, ...rest } = action.body as { metadata?: object };
  return action.target.uid ? { ...rest, metadata: { ...metadata, uid: action.target.uid } } : {};
}

function writeTarget(target: ActionTarget, subresource?: string) {
  const { name, namespace } = target;
  return { name, ...(namespace ? { namespace } : {}), ...(subresource ? { subresource } : {}) };
}

function finalizePath(object: KubeObject): string {
  return `/api/v1/namespaces/${encodeURIComponent(object.metadata.name)}/finalize`;
}
