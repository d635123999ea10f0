import { keyOf } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import type { Informer } from "#client/informer";

/** When each pod was bound, as its informer told. */
export class Progress {
  private readonly boundAtMs = new Map<string, number>();
  private waiting: { readonly keys: Set<string>; readonly resolve: () => void } | undefined;

  constructor(pods: Informer<Pod>) {
    pods.onChange(({ current }) => {
      if (current?.spec.nodeName) this.onBound(keyOf(current));
    });
  }

  boundAt(key: string): number | undefined {
    return this.boundAtMs.get(key);
  }

  /** Resolves when all of them are bound, or with false after timeoutMs. */
  async allBound(keys: readonly string[], timeoutMs: number): Promise<boolean> {
    const left = new Set(keys.filter((key) => !this.boundAtMs.has(key)));
    if (left.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const isDone = await new Promise<boolean>((resolve) => {
      this.waiting = { keys: left, resolve: () => resolve(true) };
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    clearTimeout(timer);
    this.waiting = undefined;
    return isDone;
  }

  private onBound(key: string): void {
    if (this.boundAtMs.has(key)) return;
    this.boundAtMs.set(key, performance.now());
    this.waiting?.keys.delete(key);
    if (this.waiting?.keys.size === 0) this.waiting.resolve();
  }
}
