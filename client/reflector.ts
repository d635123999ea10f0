import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Client, ListOptions } from "#client/client";
import type { BackoffPolicy } from "#kit/backoff";
import { backoffDelayMs } from "#kit/backoff";
import type { Clock } from "#kit/clock";
import { sleep } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

export const REFLECTOR_BACKOFF: BackoffPolicy = {
  initialMs: 200,
  factor: 2,
  maxMs: 30_000,
  jitter: 0.5,
};
/** Some 5 s of them. */
const FAILURES_TO_WARN = 5;
/** Objects per request of a list. */
const PAGE_LIMIT = 2000;
/** A watch that ends sooner, and brought nothing, counts as a failure: else a broken server is hammered. */
const SHORT_WATCH_MS = 1000;

export type Selection = Pick<ListOptions, "namespace" | "labelSelector" | "fieldSelector">;

/** Where the reflector delivers. Called in order, never at the same time. */
export interface ReflectorSink<T> {
  replace(objects: readonly T[]): void;
  apply(event: { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }): void;
}

/** `S`: what the sink is given of each object; the object itself unless there is a transform. */
export interface ReflectorOptions<T extends KubeObject, S = T> {
  readonly client: Client;
  readonly kind: Kind<T>;
  readonly selection: Selection;
  readonly sink: ReflectorSink<S>;
  /**
   * Makes of each object, page by page, the little that the sink keeps of it: a long list is never in memory as a
   * whole. Pure; objects may be frozen. Of what an informer keeps it must leave name, namespace, uid and resourceVersion.
   */
  readonly transform?: (object: T) => S;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Mirrors one kind into a sink until the signal aborts: list, watch from there, watch again from the last
 * resourceVersion seen when a watch ends, list again when the server has forgotten it.
 *
 *   list --ok--> watch --ended, unreachable, 429, 5xx--> watch
 *    ^             |
 *    +--410, other refusals
 */
export async function reflect<T extends KubeObject, S = T>(
  options: ReflectorOptions<T, S>,
): Promise<void> {
  const { signal, clock, rng, log, kind } = options;
  const position: Position = { resourceVersion: undefined, moves: 0 };
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = clock.now();
    const movesBefore = position.moves;
    const error = await step(options, position);
    if (signal.aborted) return;
    const hasMoved = position.moves > movesBefore;
    if (hasMoved) failures = 0;
    const isEndedAtOnce = !hasMoved && clock.now() - startedAt < SHORT_WATCH_MS;
    if (error === undefined && !isEndedAtOnce) continue;
    const retryInMs = backoffDelayMs(REFLECTOR_BACKOFF, failures++, rng);
    // What passes by itself is not worth a line; what stands is said once.
    const level = failures === FAILURES_TO_WARN ? "warn" : "debug";
    log[level](`list or watch of ${kind.plural} ended early`, { error, failures, retryInMs });
    await sleep(clock, retryInMs, signal);
  }
}

interface Position {
  /** undefined: list. */
  resourceVersion: string | undefined;
  /** Lists and events delivered so far. */
  moves: number;
}

/** One list or one watch. Gives what went wrong. */
async function step<T extends KubeObject, S>(
  options: ReflectorOptions<T, S>,
  position: Position,
): Promise<unknown> {
  const moveTo = (resourceVersion: string): void => {
    position.resourceVersion = resourceVersion;
    position.moves += 1;
  };
  try {
    const { resourceVersion } = position;
    if (resourceVersion === undefined) moveTo(await list(options));
    else await watch(options, resourceVersion, moveTo);
    return undefined;
  } catch (error) {
    if (!isWorthResuming(error)) position.resourceVersion = undefined;
    return error;
  }
}

/** Gives the resourceVersion to watch from. */
async function list<T extends KubeObject, S>(options: ReflectorOptions<T, S>): Promise<string> {
  const { client, kind, selection, sink } = options;
  const keep = keeperOf(options);
  const objects: S[] = [];
  for (let token: string | undefined; ; ) {
    const page = await client.list(kind, {
      ...selection,
      limit: PAGE_LIMIT,
      ...(token ? { continue: token } : {}),
    });
    for (const item of page.items) objects.push(keep(item));
    token = page.metadata.continue;
    if (token) continue;
    if (!options.signal.aborted) sink.replace(objects);
    return page.metadata.resourceVersion ?? "";
  }
}

async function watch<T extends KubeObject, S>(
  options: ReflectorOptions<T, S>,
  resourceVersion: string,
  moveTo: (resourceVersion: string) => void,
): Promise<void> {
  const { client, kind, selection, sink, signal } = options;
  const keep = keeperOf(options);
  const request = { ...selection, resourceVersion, allowBookmarks: true, signal };
  for await (const event of client.watch(kind, request)) {
    if (signal.aborted) return;
    if (event.type !== "BOOKMARK") sink.apply({ type: event.type, object: keep(event.object) });
    moveTo(
      event.type === "BOOKMARK"
        ? event.resourceVersion
        : (event.object.metadata.resourceVersion ?? resourceVersion),
    );
  }
}

/** Without a transform S is T, as the type of the options says. */
function keeperOf<T extends KubeObject, S>({
  transform,
}: ReflectorOptions<T, S>): (object: T) => S {
  return transform ?? ((object) => object as unknown as S);
}

/** An overloaded, restarting or unreachable server still knows the revision we are at; any refusal may mean it does not. */
function isWorthResuming(error: unknown): boolean {
  return !(error instanceof StatusError) || error.code === 429 || error.code >= 500;
}
