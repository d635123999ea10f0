import type { Store } from "#control-plane/store/store";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";

/** History kept for watches and pages of the past: five minutes, and at most so many revisions. */
export const KEEP_MS = 5 * 60_000;
export const KEEP_REVISIONS = 10_000;
const CHECK_INTERVAL_MS = 60_000;

interface Mark {
  readonly atMs: number;
  readonly revision: number;
}

/** Revisions whose history somebody reads: a backup under way. Whoever holds one must release it. */
export class HistoryHolds {
  private readonly held = new Set<{ readonly revision: number }>();

  hold(revision: number): () => void {
    const entry = { revision };
    this.held.add(entry);
    return () => this.held.delete(entry);
  }

  /** The highest revision that may be compacted to. */
  get limit(): number {
    return Math.min(...[...this.held].map(({ revision }) => revision));
  }
}

/** The revision to compact to, or 0 for nothing; `marks` are samples of the revision over time. */
export function compactionTarget(marks: readonly Mark[], nowMs: number, revision: number): number {
  const aged = marks.findLast((mark) => nowMs - mark.atMs >= KEEP_MS)?.revision ?? 0;
  return Math.max(0, aged, revision - KEEP_REVISIONS);
}

/** Compacts the store now and then, until the signal aborts. */
export async function runCompaction(options: {
  store: Store;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  holds?: HistoryHolds;
}): Promise<void> {
  const { store, clock, log, signal, holds = new HistoryHolds() } = options;
  let marks: Mark[] = [];
  let compactedTo = 0;
  while (!signal.aborted) {
    await sleep(clock, CHECK_INTERVAL_MS, signal);
    if (signal.aborted) return;
    try {
      const now = clock.now();
      const revision = await store.currentRevision();
      marks.push({ atMs: now, revision });
      const target = Math.min(compactionTarget(marks, now, revision), holds.limit);
      const aged = marks.findLastIndex((mark) => now - mark.atMs >= KEEP_MS);
      marks = marks.slice(Math.max(0, aged));
      if (target <= compactedTo) continue;
      await store.compact(target);
      compactedTo = target;
    } catch (error) {
      log.error("compaction of the store failed; it is tried again in a minute", { error });
    }
  }
}
