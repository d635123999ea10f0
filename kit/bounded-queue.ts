/**
 * A first-in first-out queue between one or many producers and one async consumer, with a named limit.
 * At the limit `push` answers false and the queue stays closed to further items: the owner decides what
 * that means (a slow watcher is cut off, never waited for).
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  private items: T[] = [];
  private head = 0;
  private wake: (() => void) | undefined;
  private failure: unknown;
  private isClosed = false;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.items.length - this.head;
  }

  /** False when the queue is at its limit or closed; the item was then not taken. */
  push(item: T): boolean {
    if (this.isClosed || this.size >= this.limit) return false;
    this.items.push(item);
    this.wake?.();
    return true;
  }

  /** What is queued is still delivered; then the consumer ends, or throws the failure. */
  close(failure?: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.failure = failure;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        while (this.head < this.items.length) {
          const item = this.items[this.head++] as T;
          if (this.head > 1024 && this.head * 2 > this.items.length) {
            this.items = this.items.slice(this.head);
            this.head = 0;
          }
          yield item;
        }
        this.items = [];
        this.head = 0;
        if (this.isClosed) {
          if (this.failure !== undefined) throw this.failure;
          return;
        }
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = undefined;
      }
    } finally {
      this.isClosed = true;
    }
  }
}
