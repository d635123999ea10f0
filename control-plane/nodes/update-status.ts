import { isDeepStrictEqual } from "node:util";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Client } from "#client/client";

const maxConflicts = 5;

type WithStatus<S> = KubeObject & { status?: S | undefined };

export interface StatusUpdate<T> {
  readonly client: Client;
  readonly kind: Kind<T & KubeObject>;
  /** As the informer has it: perhaps a little old, which the compare-and-swap finds out. */
  readonly current: T;
  /** Pure. */
  readonly next: (current: T) => unknown;
  /** Beyond deep equality: differences that are not worth a write. */
  readonly isSame?: (stored: unknown, next: unknown) => boolean;
  /** Asked before each attempt, 0 being the first; false: the update is void. */
  readonly mayWrite?: (attempt: number) => Promise<boolean>;
}

/**
 * Writes a status by compare-and-swap, skipping what says nothing new, and reads again on a conflict. Answers
 * false when the object is gone or another has its name now.
 */
export async function updateStatus<S, T extends WithStatus<S>>(
  update: StatusUpdate<T>,
): Promise<boolean> {
  const { client, kind, next, isSame = isDeepStrictEqual } = update;
  let { current } = update;
  if (isSame(current.status, next(current))) {
    // An object that is a little old may say what has been overwritten since.
    const stored = await find(client, kind, current);
    if (!stored) return false;
    current = stored;
  }
  for (let attempt = 0; ; attempt++) {
    const status = next(current);
    if (isSame(current.status, status)) return true;
    if (update.mayWrite && !(await update.mayWrite(attempt))) return true;
    try {
      await client.updateStatus<T>(kind, { ...current, status });
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.code === 404) return false;
      if (error.code !== 409 || attempt >= maxConflicts) throw error;
    }
    const fresh = await find(client, kind, current);
    if (!fresh) return false;
    current = fresh;
  }
}

/** The object of this name, if it is still the same one. */
async function find<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  { metadata }: T,
): Promise<T | undefined> {
  const found = await client
    .get<T>(kind, metadata.name, metadata.namespace)
    .catch(undefinedWhenNotFound);
  return found?.metadata.uid === metadata.uid ? found : undefined;
}
