import { apiFetch, apiJson, ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";

/**
 * A list that stays true: read in pages, then followed by a watch. It recovers by itself: a server that restarts is
 * asked again, a watch that is too old lists again.
 *
 * Invariant: subscribers are called at most once a frame, however many events come.
 */
export interface LiveCollection<T> {
  /** By uid. The map is the same object for ever; `version` tells that it changed. */
  readonly items: ReadonlyMap<string, T>;
  readonly version: number;
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

/** How objects come: as they are, or as rows of the server's own tables. */
export interface Form<T> {
  readonly accept: string;
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
const FIRST_RETRY_MS = 300;
const MAX_RETRY_MS = 10_000;

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
  isComplete = false;
  problem: string | undefined;
  private readonly options: LiveOptions<T>;
  private readonly listeners = new Set<() => void>();
  private abort: AbortController | undefined;
  private frame: number | undefined;
  private resourceVersion = "";

  constructor(options: LiveOptions<T>) {
    this.options = options;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.abort) this.start();
    return () => {
      this.listeners.delete(listener);
      // A page that is built anew in the same moment takes the collection over.
      setTimeout(() => this.listeners.size === 0 && this.stop(), 0);
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
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        if (this.resourceVersion === "") await this.list(signal);
        this.problem = undefined;
        this.changed();
        await this.watch(signal);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiRefusal && error.code === 410) this.resourceVersion = "";
        else this.problem = sentenceOf(error);
        this.changed();
        if (error instanceof ApiRefusal && (error.code === 401 || error.code === 403)) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
      }
    }
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

  private async watch(signal: AbortSignal): Promise<void> {
    const { form } = this.options;
    const query = {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: this.resourceVersion,
    };
    const response = await apiFetch(this.url(query), { accept: form.accept, signal });
    for await (const line of linesOf(response)) this.apply(JSON.parse(line) as WatchEvent);
  }

  private apply({ type, object }: WatchEvent): void {
    if (type === "ERROR") throw new ApiRefusal(object.code ?? 500, "", object.message ?? "");
    if (type !== "BOOKMARK") {
      for (const item of this.options.form.itemsOfEvent(object)) {
        const { uid = "" } = this.options.form.metadataOf(item);
        if (type === "DELETED") this.items.delete(uid);
        else this.items.set(uid, item);
        this.resourceVersion =
          this.options.form.metadataOf(item).resourceVersion ?? this.resourceVersion;
      }
      this.changed();
    } else {
      this.resourceVersion = object.metadata?.resourceVersion ?? this.resourceVersion;
    }
  }

  private changed(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.version++;
      for (const listener of this.listeners) listener();
    });
  }

  private url(query: Readonly<Record<string, string>>): string {
    return `${this.options.path}?${new URLSearchParams({ ...this.options.query, ...query }).toString()}`;
  }
}

export function liveCollection<T>(options: LiveOptions<T>): LiveCollection<T> {
  return new Live(options);
}

interface AnyObject {
  readonly metadata: Metadata;
}

/** Whole objects. */
export function objectForm<T extends AnyObject>(): Form<T> {
  return {
    accept: "application/json",
    itemsOf: (body) => (body as { items?: T[] }).items ?? [],
    itemsOfEvent: (object) => [object as T],
    metadataOf: ({ metadata }) => metadata,
  };
}
