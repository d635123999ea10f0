import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { WatchFrame } from "#client/transport";
import type { ResourceRequest, RestContext } from "#control-plane/apiserver/rest/context";
import { booleanOf, integerOf, revisionOf } from "#control-plane/apiserver/rest/options";
import { type Selection, selectionOf } from "#control-plane/apiserver/rest/selection";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { atRevision, CacheEvent, watchLine } from "#control-plane/apiserver/storage/watch-cache";
import { BoundedQueue } from "#kit/bounded-queue";

/** Events a watcher may lag behind; then its connection is closed and it starts again where it was. */
export const WATCH_QUEUE_LIMIT = 4_096;
const BOOKMARK_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_SECONDS = 1_800;

type Queued = CacheEvent | { readonly bookmarkRevision: number };

/** What a watch is asked for. */
interface WatchPlan {
  readonly kind: Kind;
  readonly selects: Selection;
  /** The state to begin with, as synthetic ADDED events; then, if `marksInitialEnd`, a bookmark. */
  readonly initial: readonly CacheEvent[];
  readonly marksInitialEnd: boolean;
  readonly startRevision: number;
}

/**
 * Subscribes before it returns, so that nothing between the start and the first read is missed.
 * The frames end at the timeout, when the signal aborts, or when the watcher is too slow.
 */
export async function watch(
  context: RestContext,
  request: ResourceRequest,
): Promise<AsyncIterable<WatchFrame>> {
  const { feed } = context;
  const { query } = request.request;
  const revision = revisionOf(query.get("resourceVersion"));
  checkInitialEvents(query);
  if (revision === undefined) await feed.fresh();
  else await feed.reach(revision);
  // From here to the subscription nothing may be awaited: the start and the stream must meet.
  const plan = planOf(feed, request, revision);
  const queue = new BoundedQueue<Queued>(WATCH_QUEUE_LIMIT);
  const end = subscribe(context, request, queue);
  return frames(plan, queue, end);
}

function planOf(feed: Feed, request: ResourceRequest, revision: number | undefined): WatchPlan {
  const { kind, namespace } = request;
  const { query } = request.request;
  const cache = feed.cacheOf(kind);
  const asksForInitial = query.get("sendInitialEvents") !== null;
  const startsFromState = asksForInitial ? booleanOf(query, "sendInitialEvents") : !revision;
  const selects = withinNamespace(namespace, selectionOf(kind, query, request.name));
  if (startsFromState) {
    const initial = cache
      .list(namespace)
      .map((stored) => new CacheEvent("ADDED", stored, undefined));
    const startRevision = feed.revision;
    return { kind, selects, initial, marksInitialEnd: asksForInitial, startRevision };
  }
  const startRevision = revision || feed.revision;
  const initial = cache.eventsAfter(startRevision);
  return { kind, selects, initial, marksInitialEnd: false, startRevision };
}

/** Fills the queue until `end` (the answer) is called, by the watcher or by what limits it. */
function subscribe(
  { feed, clock, rng }: RestContext,
  { kind, request }: ResourceRequest,
  queue: BoundedQueue<Queued>,
): () => void {
  const { query, signal } = request;
  const unsubscribe = feed.cacheOf(kind).subscribe({
    push: (event) => {
      if (!queue.push(event)) end();
    },
    cutOff: () => end(),
  });
  const seconds = integerOf(query, "timeoutSeconds") || DEFAULT_TIMEOUT_SECONDS * (1 + rng.next());
  const cancelTimeout = clock.after(seconds * 1000, () => end());
  let cancelBookmark = (): void => undefined;
  const scheduleBookmark = (): void => {
    cancelBookmark = clock.after(BOOKMARK_INTERVAL_MS, () => {
      // Taken now: every event up to this revision is already in the queue before the bookmark.
      queue.push({ bookmarkRevision: feed.revision });
      scheduleBookmark();
    });
  };
  if (query.has("allowWatchBookmarks") && booleanOf(query, "allowWatchBookmarks")) {
    scheduleBookmark();
  }
  function end(): void {
    unsubscribe();
    cancelTimeout();
    cancelBookmark();
    queue.close();
    signal?.removeEventListener("abort", end);
  }
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  return end;
}

async function* frames(
  plan: WatchPlan,
  queue: BoundedQueue<Queued>,
  end: () => void,
): AsyncGenerator<WatchFrame, void, undefined> {
  try {
    for (const event of plan.initial) {
      const frame = frameFor(event, plan.selects);
      if (frame) yield frame;
    }
    if (plan.marksInitialEnd) yield bookmark(plan.kind, plan.startRevision, true);
    for await (const event of queue) {
      if ("bookmarkRevision" in event) {
        yield bookmark(plan.kind, event.bookmarkRevision, false);
        continue;
      }
      const frame = frameFor(event, plan.selects);
      if (frame) yield frame;
    }
  } finally {
    end();
  }
}

/** How an event looks through a selection: an object that stops matching is DELETED for this watcher. */
function frameFor(event: CacheEvent, selects: Selection): WatchFrame | undefined {
  const { current, previous, type } = event;
  if (!selects) return plainFrame(event);
  const isSelected = type !== "DELETED" && selects(current.object);
  const wasSelected = previous !== undefined && selects(previous.object);
  if (isSelected && (wasSelected || type === "ADDED")) return plainFrame(event);
  if (isSelected) {
    return { type: "ADDED", object: current.object, line: watchLine("ADDED", current.bytes) };
  }
  if (!wasSelected) return undefined;
  if (type === "DELETED") return plainFrame(event);
  const gone = atRevision(previous, event.revision);
  return { type: "DELETED", object: gone.object, line: watchLine("DELETED", gone.bytes) };
}

function plainFrame(event: CacheEvent): WatchFrame {
  return {
    type: event.type,
    object: event.current.object,
    shared: event,
    get line() {
      return event.line;
    },
  };
}

function bookmark(kind: Kind, revision: number, endsInitial: boolean): WatchFrame {
  const metadata = {
    resourceVersion: String(revision),
    ...(endsInitial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
  };
  return {
    type: "BOOKMARK",
    object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata },
  };
}

function withinNamespace(namespace: string | undefined, selects: Selection): Selection {
  if (namespace === undefined) return selects;
  return (object) =>
    object.metadata.namespace === namespace && (selects === undefined || selects(object));
}

function checkInitialEvents(query: URLSearchParams): void {
  if (query.get("sendInitialEvents") === null) return;
  if (query.get("resourceVersionMatch") !== "NotOlderThan") {
    throw errors.badRequest(
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
}

/** A watch that cannot start from where it was asked to is a stream of one ERROR event. */
export async function* refusedWatch(error: StatusError): AsyncGenerator<WatchFrame> {
  yield { type: "ERROR", object: error.status };
}
