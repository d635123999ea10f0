import type { TrafficReport } from "#api/schema/own/traffic-report";
import type { Service } from "#api/schema/types";
import { type Carried, type ReportStatus, statusOf } from "#ingress/traffic/report";
import { toTime } from "#kit/clock";

/** A Service that somebody asks about. */
export interface Asked {
  readonly service: Service;
  /** Its ports that nginx serves: "namespace/service:port". */
  readonly backends: readonly string[];
  /** A report that carries this is newer than the question. */
  readonly question: string | undefined;
}

const REPORT_MS = 2_000;
/** After a jump of the load. */
const JUMP_REPORT_MS = 400;
const JUMP_FACTOR = 2;
const JUMP_REQUESTS = 4;
/** So long without a change, and nobody looks any more until nginx speaks up. */
const REST_AFTER_MS = 4_000;

/** What is known of one Service between two reports: pure, but for what it remembers. */
export class Tracked {
  asked: Asked;
  /** Look now, not at the next turn. */
  isUrgent = true;
  /** A write under way: nothing else is due meanwhile. */
  writing: Promise<void> | undefined;
  /** Not before this time is a failed write tried again. */
  retryAtMs = 0;
  private carried: Carried | undefined;
  private sampledMs = 0;
  private changedMs = 0;
  /** Requests in flight and waiting, times milliseconds, since the last report. */
  private area = 0;
  private sinceMs: number | undefined;
  private written: ReportStatus | undefined;
  private lastRequestTime: string | undefined;

  constructor(asked: Asked) {
    this.asked = asked;
  }

  get isWaiting(): boolean {
    return (this.carried?.waiting ?? 0) > 0;
  }

  isNews(next: Asked): boolean {
    return (
      next.question !== this.asked.question || next.backends.join() !== this.asked.backends.join()
    );
  }

  /** What this ingress wrote before it was started again. */
  recover({ status }: TrafficReport): void {
    if (this.written) return;
    this.written = status;
    this.lastRequestTime = status?.lastRequestTime;
  }

  sample(carried: Carried, nowMs: number): void {
    this.isUrgent = false;
    const before = this.carried;
    this.sinceMs ??= nowMs;
    if (before) this.area += ((levelOf(before) + levelOf(carried)) / 2) * (nowMs - this.sampledMs);
    const hasRequests = levelOf(carried) > 0 || this.hasAnswered(carried);
    // Nothing new since an earlier process reported it: nobody needs to look on.
    if (hasRequests || (!before && !this.written)) this.changedMs = nowMs;
    if (hasRequests) this.lastRequestTime = toTime(nowMs);
    this.carried = carried;
    this.sampledMs = nowMs;
  }

  /** Nothing goes on and nothing is untold. */
  mayRest(nowMs: number): boolean {
    if (!this.carried || levelOf(this.carried) > 0 || this.writing) return false;
    const { written } = this;
    if (!written || written.inFlight || written.waiting || written.concurrency) return false;
    return !this.hasNews(this.carried) && nowMs - this.changedMs >= REST_AFTER_MS;
  }

  /** The report that is to be written now, if any. */
  due(nowMs: number): ReportStatus | undefined {
    const { carried, written, sinceMs = nowMs } = this;
    if (!carried || this.writing || nowMs < this.retryAtMs) return undefined;
    const ageMs = nowMs - sinceMs;
    const concurrency = ageMs > 0 ? this.area / ageMs : 0;
    const told = { observedTime: toTime(nowMs), concurrency, windowMs: ageMs };
    const { lastRequestTime } = this;
    const { question } = this.asked;
    const next = statusOf(carried, {
      ...told,
      ...(lastRequestTime ? { lastRequestTime } : {}),
      ...(question === undefined ? {} : { confirmed: question }),
    });
    if (!written || isUrgent(next, written)) return next;
    const before = levelOf(written);
    const isJump = levelOf(carried) >= before * JUMP_FACTOR + JUMP_REQUESTS;
    if (ageMs < (isJump ? JUMP_REPORT_MS : REPORT_MS)) return undefined;
    const isMoving = this.hasNews(carried) || levelOf(carried) !== before || concurrency > 0;
    return isMoving || (written.concurrency ?? 0) > 0 ? next : undefined;
  }

  markWritten(status: ReportStatus, writtenMs: number): void {
    this.written = status;
    this.area = 0;
    this.sinceMs = writtenMs;
  }

  private hasAnswered({ epoch, requests }: Carried): boolean {
    const known = this.carried ?? this.written;
    if (!known) return requests > 0;
    return known.epoch === epoch ? known.requests !== requests : requests > 0;
  }

  private hasNews({ epoch, requests, versions }: Carried): boolean {
    const { written } = this;
    if (written?.epoch !== epoch || written.requests !== requests) return true;
    return versions.length !== (written.versions?.length ?? 0);
  }
}

function levelOf({
  inFlight = 0,
  waiting = 0,
}: Pick<ReportStatus, "inFlight" | "waiting">): number {
  return inFlight + waiting;
}

/** Somebody waits for an endpoint, or for this answer. */
function isUrgent(next: ReportStatus, written: ReportStatus): boolean {
  const isWaitNews = (next.waiting ?? 0) > 0 !== (written.waiting ?? 0) > 0;
  return isWaitNews || next.confirmed !== written.confirmed;
}
