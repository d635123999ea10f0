/**
 * Bytes on their way from a socket to one reader, bounded by size: `room` is what the socket's side waits for
 * before it reads on, so a slow reader slows the sender down and costs at most the limit and one frame.
 */
export class FlowQueue<T> implements AsyncIterable<T> {
  private items: { item: T; size: number }[] = [];
  private size = 0;
  private isClosed = false;
  private failure: Error | undefined;
  private wakeReader: (() => void) | undefined;
  private wakeWriters: (() => void)[] = [];
  private readonly limit: number;
  private readonly onTaken: (size: number) => void;

  constructor(limit: number, onTaken: (size: number) => void = () => undefined) {
    this.limit = limit;
    this.onTaken = onTaken;
  }

  get isFull(): boolean {
    return this.size >= this.limit && !this.isClosed;
  }

  push(item: T, size: number): void {
    if (this.isClosed) return;
    this.items.push({ item, size });
    this.size += size;
    this.wakeReader?.();
  }

  /** Resolves when there is room, or nobody reads any more. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.wakeWriters.push(resolve));
  }

  /** What is queued is still delivered; then the reader ends, or throws the failure. */
  close(failure?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.failure = failure;
    this.wakeReader?.();
    this.releaseWriters();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        for (let next = this.items.shift(); next; next = this.items.shift()) {
          this.size -= next.size;
          this.onTaken(next.size);
          if (!this.isFull) this.releaseWriters();
          yield next.item;
        }
        if (this.isClosed) {
          if (this.failure) throw this.failure;
          return;
        }
        await new Promise<void>((resolve) => {
          this.wakeReader = resolve;
        });
      }
    } finally {
      this.isClosed = true;
      this.items = [];
      this.releaseWriters();
    }
  }

  private releaseWriters(): void {
    for (const wake of this.wakeWriters.splice(0)) wake();
  }
}
