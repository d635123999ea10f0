import { adviceOf, explain } from "#control-plane/scheduler/explain/explain";
import type { ClusterView, PodToPlace } from "#control-plane/scheduler/framework";
import type { Profile } from "#control-plane/scheduler/profile";

/** Events with this reason say what would make a pending pod fit; `kaji why` reads them. */
export const ADVICE_REASON = "SchedulingAdvice";

/** As long as this, pods that are alike and are refused in the same words get the same advice. */
const KEEP_MS = 10_000;
const MAX_KEPT = 256;
/** An explanation asks every node: in a large cluster some milliseconds each. */
const MAX_PER_SECOND = 10;

/**
 * Gives advice for refused pods within a budget. Over the budget a pod gets none: its condition still says why it
 * is pending, and its next news comes with advice.
 */
export class Advisor {
  private readonly kept = new Map<
    string,
    { readonly atMs: number; readonly advice: string | undefined }
  >();
  private secondBeganMs = Number.NEGATIVE_INFINITY;
  private inThisSecond = 0;

  /** `refused`: the message with which it was refused. */
  adviceFor(
    pod: PodToPlace,
    { plugins }: Profile,
    view: ClusterView,
    refused: string,
  ): string | undefined {
    const nowMs = view.nowMs();
    const key = `${pod.profile}|${pod.priority}|${pod.podClass.key}|${pod.signature}|${refused}`;
    const known = this.kept.get(key);
    if (known && nowMs - known.atMs < KEEP_MS) return known.advice;
    if (!this.mayExplain(nowMs)) return undefined;
    const advice = adviceOf(explain(pod, plugins, view));
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, { atMs: nowMs, advice });
    return advice;
  }

  private mayExplain(nowMs: number): boolean {
    if (Math.abs(nowMs - this.secondBeganMs) >= 1_000) {
      this.secondBeganMs = nowMs;
      this.inThisSecond = 0;
    }
    return this.inThisSecond++ < MAX_PER_SECOND;
  }
}
