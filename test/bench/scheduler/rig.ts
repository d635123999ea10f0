import type { Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { Informer } from "#client/informer";
import { type Log, silentLog } from "#kit/log";

/**
 * A scheduler with something behind it: memory alone, or the API server and a durable store. Operations reach
 * both through the same client; `pods` tells what has become of them.
 */
export interface Rig {
  readonly client: Client;
  readonly pods: Informer<Pod>;
  /** When the scheduler asked for each binding: from one to the next is what a decision takes. */
  readonly bindRequestsMs: readonly number[];
  /** What the scheduler complained of: nothing, in a run that counts. */
  readonly complaints: readonly string[];
  /** Requests that are worth having under way at once. */
  readonly concurrency: number;
  /** Holds back what the scheduler hears of pods, so that creating them is outside what is measured. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

export function complainingLog(complaints: string[]): Log {
  const complain = (message: string, fields?: object): void => {
    complaints.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { ...silentLog, warn: complain, error: complain };
}

/** The client, with the time of every binding asked for written down. */
export function timingBindings(client: Client, timesMs: number[]): Client {
  const createSubresource: Client["createSubresource"] = (kind, target, body) => {
    if (target.subresource === "binding") timesMs.push(performance.now());
    return client.createSubresource(kind, target, body);
  };
  return Object.assign(Object.create(client) as Client, { createSubresource });
}
