import { apiFetch, apiJson, ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";
import { isRefused, refusedSentence, waitAfterRefusal } from "#dashboard/model/refused-retry";
import { sessionToken } from "#dashboard/model/session";

/**
 * A list that stays true: read in pages, then followed by a watch. It recovers by itself: a server that restarts is
 * asked again, a watch that is too old lists again, and who is refused is asked for now and then: rights come back.
 *
 * Invariants:
 * - Subscribers are called at most ten times a second, however many events come, and before the next paint when
 *   nothing came for a while.
 * - All that ask for the same at the same time share one list and one watch.
 */
export interface LiveCollection<T> {
  /** By uid. The map is the same object for ever; `version` tells that it changed. */
  readonly items: ReadonlyMap<string, T>;
  readonly version: number;
  /** What the list says of all its items, such as the columns of a table; as the form reads it. */
  readonly head: unknown;
  /** Everything has been listed at least once. */
  readonly isComplete: boolean;
  /** Why it is not up to date, in a sentence. */
  readonly problem: string | undefined;
  subscribe(listener: () => void): () => void;
}

interface Metadata {
  readonly uid?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
}

/**
 * How objects come: as they are, or as rows of the server's own tables.
 * Caller must: give the same functions for the same `accept`, for lists are shared by it.
 */
export interface Form<T> {
  readonly accept: string;
  readonly query?: Readonly<Record<string, string>>;
  /** undefined: this body says nothing of it. */
  headOf?(body: unknown): unknown;
  itemsOf(body: unknown): readonly T[];
  /** What an ADDED, MODIFIED or DELETED event carries. */
  itemsOfEvent(object: unknown): readonly T[];
  metadataOf(item: T): Metadata;
}

export interface LiveOptions<T> {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly form: Form<T>;
}

const PAGE_SIZE = 500;
/** Faster than this nobody reads; each turn costs as much as the page has rows. */
const TURN_MS = 100;
/** For the page that is opened next, or opened again: what is known of a list that nobody looks at any more. */
const LINGER_MS = 5_000;
const FIRST_RETRY_MS = 300;
const MAX_RETRY_MS = 10_000;
const MAX_AWAY_RETRY_MS = 2_000;

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: {
    readonly metadata?: Metadata;
    readonly code?: number;
    readonly message?: string;
  };
}

class Live<T> implements LiveCollection<T> {
  readonly items = new Map<string, T>();
  version = 0;
  head: unknown;
  isComplete = false;
  problem: string | undefined;
  private readonly options: LiveOptions<T>;
  private readonly onStop: () => void;
  private readonly listeners = new Set<() => void>();
  private abort: AbortController | undefined;
  private lingering: number | undefined;
  private turn: number | undefined;
  private frame: number | undefined;
  private lastTurnMs = -TURN_MS;
  private resourceVersion = "";

  constructor(options: LiveOptions<T>, onStop: () => void) {
    this.options = options;
    this.onStop = onStop;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    clearTimeout(this.lingering);
    if (!this.abort) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearTimeout(this.lingering);
      this.lingering = window.setTimeout(() => this.stop(), LINGER_MS);
    };
  }

  private start(): void {
    const abort = new AbortController();
    this.abort = abort;
    void this.run(abort.signal);
  }

  private stop(): void {
    this.abort?.abort();
    this.abort = undefined;
    clearTimeout(this.turn);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.turn = this.frame = undefined;
    this.onStop();
  }

  private async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    let refusals = 0;
    while (!signal.aborted) {
      let waitMs = retryMs;
      try {
        if (this.resourceVersion === "") await this.list(signal);
        this.problem = undefined;
        this.changed();
        await this.watch(signal, () => {
          // Not before: who may list and not watch is refused each time.
          refusals = 0;
        });
        waitMs = retryMs = FIRST_RETRY_MS;
      } catch (error) {
        if (signal.aborted) return;
        if (isRefused(error)) {
          this.refuse(error);
          waitMs = waitAfterRefusal(++refusals);
        } else {
          this.fail(error, retryMs === FIRST_RETRY_MS);
          // A server or a network that comes back is to be seen at once.
          const mostMs = error instanceof TypeError ? MAX_AWAY_RETRY_MS : MAX_RETRY_MS;
          retryMs = Math.min(mostMs, retryMs * 2);
        }
        this.changed();
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** What may not be seen any more is not shown any more. A viewer whom nobody knows is asked for a new token. */
  private refuse(error: ApiRefusal): void {
    this.problem = refusedSentence(error);
    this.resourceVersion = "";
    if (error.code !== 403) return;
    this.items.clear();
    this.isComplete = false;
  }

  private fail(error: unknown, isFirst: boolean): void {
    if (error instanceof ApiRefusal && error.code === 410) this.resourceVersion = "";
    // A connection that broke is mostly there again at once.
    else if (!(error instanceof TypeError) || !isFirst) this.problem = sentenceOf(error);
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { form } = this.options;
    const seen = new Map<string, T>();
    let next = "";
    let resourceVersion = "";
    do {
      const query: Record<string, string> = { limit: String(PAGE_SIZE) };
      if (next) query.continue = next;
      const body = await apiJson<{ metadata?: { resourceVersion?: string; continue?: string } }>(
        this.url(query),
        { accept: form.accept, signal },
      );
      this.head = form.headOf?.(body) ?? this.head;
      for (const item of form.itemsOf(body)) seen.set(form.metadataOf(item).uid ?? "", item);
      next = body.metadata?.continue ?? "";
      resourceVersion = body.metadata?.resourceVersion ?? "";
      // The first page is shown at once; what a former list had stays until all is known.
      for (const [uid, item] of seen) this.items.set(uid, item);
      this.changed();
    } while (next);
    for (const uid of [...this.items.keys()]) if (!seen.has(uid)) this.items.delete(uid);
    this.isComplete = true;
    // Not before: a list that broke off is read again, not followed.
    this.resourceVersion = resourceVersion;
  }

  private async watch(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const { form } = this.options;
    const query = {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: this.resourceVersion,
    };
    const response = await apiFetch(this.url(query), { accept: form.accept, signal });
    onOpen();
    for await (const line of linesOf(response)) this.apply(JSON.parse(line) as WatchEvent);
  }

  private apply({ type, object }: WatchEvent): void {
    if (type === "ERROR") throw new ApiRefusal(object.code ?? 500, "", object.message ?? "");
    if (type !== "BOOKMARK") {
      for (const item of this.options.form.itemsOfEvent(object)) {
        const { uid = "", resourceVersion } = this.options.form.metadataOf(item);
        if (type === "DELETED") this.items.delete(uid);
        else this.items.set(uid, item);
        this.resourceVersion = resourceVersion ?? this.resourceVersion;
      }
      this.changed();
    } else {
      this.resourceVersion = object.metadata?.resourceVersion ?? this.resourceVersion;
    }
  }

  private changed(): void {
    if (this.turn !== undefined || this.frame !== undefined) return;
    const waitMs = this.lastTurnMs + TURN_MS - performance.now();
    if (waitMs <= 0) return this.tellAtNextFrame();
    this.turn = window.setTimeout(() => {
      this.turn = undefined;
      this.tellAtNextFrame();
    }, waitMs);
  }

  private tellAtNextFrame(): void {
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      this.lastTurnMs = performance.now();
      this.version++;
      for (const listener of this.listeners) listener();
    });
  }

  private url(query: Readonly<Record<string, string>>): string {
    const all = { ...this.options.query, ...this.options.form.query, ...query };
    return `${this.options.path}?${new URLSearchParams(all).toString()}`;
  }
}

/** Those that somebody looks at, or did a moment ago. */
const shared = new Map<string, Live<unknown>>();

export function liveCollection<T>(options: LiveOptions<T>): LiveCollection<T> {
  const { path, query, form } = options;
  // Who logs in next has lists of their own.
  const key = JSON.stringify([path, query ?? {}, form.accept, sessionToken()]);
  const known = shared.get(key);
  if (known) return known as unknown as LiveCollection<T>;
  const created = new Live(options, () => {
    if (shared.get(key) === entry) shared.delete(key);
  });
  const entry = created as unknown as Live<unknown>;
  shared.set(key, entry);
  return created;
}

interface AnyObject {
  readonly metadata: object;
}

/** Whole objects, without the record of who wrote which field: a third of each, and no page shows it from here. */
export function objectForm<T extends AnyObject>(): Form<T> {
  return {
    accept: "application/json",
    itemsOf: (body) => ((body as { items?: T[] }).items ?? []).map(withoutManagedFields),
    itemsOfEvent: (object) => [withoutManagedFields(object as T)],
    metadataOf: ({ metadata }) => metadata,
  };
}

/** Fresh from the wire: it is nobody else's yet. */
function withoutManagedFields<T extends AnyObject>(object: T): T {
  (object.metadata as { managedFields?: unknown }).managedFields = undefined;
  return object;
}
