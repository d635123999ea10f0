import { namespaceKind } from "#api/kinds/namespace";
import { eventKind } from "#api/kinds/event";
import { pathOf } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import { newEvent } from "#client/events";
import {
  type Action,
  type ActionTarget,
  type EventTemplate,
  type Reference,
  targetOf,
  type Usage,
} from "#control-plane/controllers/controller";
import { type Written, writtenObject } from "#control-plane/controllers/read-your-writes";
import type { Clock } from "#kit/clock";
import { errorChain } from "#kit/log";
import type { Rng } from "#kit/rng";

/** Carries out one plan. It makes no choices: what to do, and on which condition, is in the actions. */
export interface ExecutorOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Where memory goes; without it nothing is remembered. */
  remember?(memory: unknown): void;
}

type ActionOf<Type extends Action["type"]> = Action & { type: Type };

/** Writes of one plan under way at once. */
const MAX_PARALLEL_WRITES = 16;

/** Somebody else was faster, or the namespace is going: the next look sees it. */
export function isExpected(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  return error.code === 409 || error.code === 404 || isNamespaceTerminating(error);
}

function isNamespaceTerminating(error: StatusError): boolean {
  return (
    error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false
  );
}

export class Executor {
  readonly written: Written[] = [];
  private readonly component: string;
  private readonly options: ExecutorOptions;

  constructor(controllerName: string, options: ExecutorOptions) {
    this.component = `${controllerName}-controller`;
    this.options = options;
  }

  /**
   * Runs of creates, of applies and of deletes go in parallel, slowly at first: a refusal stops at few, not at hundreds.
   * Invariant: when this settles, no write is under way and `written` names all that were made.
   */
  async run(actions: readonly Action[]): Promise<void> {
    for (let at = 0, size = firstSize(actions[0]); at < actions.length; ) {
      const batch = batchAt(actions, at, size);
      const results = await Promise.allSettled(batch.map((action) => this.execute(action)));
      for (const result of results) if (result.status === "rejected") throw result.reason;
      at += batch.length;
      const isSame = actions[at]?.type === batch[0]?.type;
      size = isSame ? Math.min(size * 2, MAX_PARALLEL_WRITES) : firstSize(actions[at]);
    }
  }

  private async execute(action: Action): Promise<void> {
    const { client } = this.options;
    switch (action.type) {
      case "create":
        return this.create(action);
      case "update":
        return this.withEvent(action.event, async () => {
          const made = await client.update(action.kind, action.object);
          this.written.push(writtenObject(action.kind, "change", made));
          return made.metadata.name;
        });
      case "updateStatus": {
        const made = await client.updateStatus(action.kind, action.object);
        this.written.push(writtenObject(action.kind, "change", made));
        return;
      }
      case "apply":
        return this.apply(action);
      case "patch":
        return this.patch(action);
      case "delete":
        return this.withEvent(action.event, () => this.delete(action));
      case "deleteCollection":
        await client.raw("DELETE", pathOf(action.kind, action.namespace));
        return;
      case "finalizeNamespace":
        return this.finalizeNamespace(action);
      case "event":
        return this.event(action.event, action.event.message);
      case "remember":
        return this.options.remember?.(action.memory);
      case "requeue":
        return;
    }
  }

  private async create({ kind, object, event, onFailure }: ActionOf<"create">): Promise<void> {
    await this.orElse(onFailure && ((error) => [onFailure(error)]), () =>
      this.withEvent(event, async () => {
        const made = await this.options.client.create(kind, object);
        this.written.push(writtenObject(kind, "create", made));
        return made.metadata.name;
      }),
    );
  }

  private async apply({ kind, object, onFailure }: ActionOf<"apply">): Promise<void> {
    const patch = {
      type: "apply",
      body: object,
      fieldManager: this.component,
      force: true,
    } as const;
    await this.orElse(onFailure, async () => {
      const made = await this.options.client.patch(kind, writeTarget(targetOf(object)), patch);
      this.written.push(writtenObject(kind, "create", made));
    });
  }

  private async orElse(
    onFailure: ((error: string) => readonly Action[]) | undefined,
    act: () => Promise<void>,
  ): Promise<void> {
    try {
      await act();
    } catch (error) {
      const instead = isExpected(error) ? [] : (onFailure?.(errorChain(error)) ?? []);
      for (const action of instead) await this.execute(action);
      throw error;
    }
  }

  private async patch(action: ActionOf<"patch">): Promise<void> {
    if (!(await this.areAbsent(action.onlyIfAbsent))) return;
    if (action.onlyIfUnused && (await this.isUsed(action.onlyIfUnused))) return;
    const { uid } = action.target;
    const { metadata, ...rest } = action.body as { metadata?: object };
    const body = { ...rest, metadata: { ...metadata, ...(uid ? { uid } : {}) } };
    const target = writeTarget(action.target, action.subresource);
    const type = action.patchType ?? "merge";
    await this.orElse(action.onFailure, () =>
      this.withEvent(action.event, async () => {
        const made = await this.options.client.patch(action.kind, target, { type, body });
        this.written.push(writtenObject(action.kind, "change", made));
        return made.metadata.name;
      }),
    );
  }

  /** Gives the name when there was something to delete. */
  private async delete(action: ActionOf<"delete">): Promise<string | undefined> {
    if (!(await this.areAbsent(action.onlyIfAbsent))) return undefined;
    const { name, namespace, uid } = action.target;
    const { gracePeriodSeconds, propagationPolicy } = action;
    try {
      await this.options.client.delete(action.kind, writeTarget(action.target), {
        ...(uid ? { preconditions: { uid } } : {}),
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        ...(propagationPolicy ? { propagationPolicy } : {}),
      });
    } catch (error) {
      // Gone already, or another object of that name: what was to be deleted is not there.
      if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 409))
        throw error;
      return undefined;
    } finally {
      const key = namespace ? `${namespace}/${name}` : name;
      this.written.push({ kind: action.kind, key, uid, type: "delete", revision: 0 });
    }
    return name;
  }

  /** Caches may lag behind: only the API server knows that nothing is left. */
  private async finalizeNamespace(action: ActionOf<"finalizeNamespace">): Promise<void> {
    const { client } = this.options;
    const { name } = action.object.metadata;
    for (const kind of action.emptyOf) {
      const { items } = await client.list(kind, { namespace: name, limit: 1 });
      if (items.length > 0) return;
    }
    await client.raw("PUT", `${pathOf(namespaceKind, undefined, name)}/finalize`, action.object);
  }

  private async areAbsent(references: readonly Reference[] = []): Promise<boolean> {
    for (const { kind, name, namespace, uid } of references) {
      try {
        const found = await this.options.client.get(kind, name, namespace);
        if (uid === undefined || found.metadata.uid === uid) return false;
      } catch (error) {
        if (!(error instanceof StatusError) || error.code !== 404) throw error;
      }
    }
    return true;
  }

  private async isUsed({ kind, namespace, isUser }: Usage): Promise<boolean> {
    const { items } = await this.options.client.list(kind, { namespace });
    return items.some(isUser);
  }

  private async withEvent(
    event: EventTemplate | undefined,
    act: () => Promise<string | undefined>,
  ): Promise<void> {
    try {
      const name = await act();
      if (event && name) await this.event(event, event.message.replace("%NAME%", name));
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
    const { about, type, reason } = template;
    const { component } = this;
    const event = newEvent({ about, type, reason, message, component, nowMs: clock.now(), rng });
    try {
      await client.create(eventKind, event);
    } catch (error) {
      // The namespace is going: nobody will read it there.
      if (!(error instanceof StatusError) || (error.code !== 403 && error.code !== 404))
        throw error;
    }
  }
}

/** What is applied is written down by somebody, not counted out: it is not refused by the hundred. */
function firstSize(action: Action | undefined): number {
  return action?.type === "apply" ? 4 : 1;
}

function batchAt(actions: readonly Action[], at: number, size: number): readonly Action[] {
  const type = actions[at]?.type;
  if (type !== "create" && type !== "apply" && type !== "delete") return actions.slice(at, at + 1);
  let end = at;
  while (end < actions.length && end - at < size && actions[end]?.type === type) end++;
  return actions.slice(at, end);
}

function writeTarget(target: ActionTarget, subresource?: string) {
  const { name, namespace } = target;
  return { name, ...(namespace ? { namespace } : {}), ...(subresource ? { subresource } : {}) };
}
