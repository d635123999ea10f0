import { DURATION_BOUNDS_MS } from "#api/history/traffic-counts";
import type { Labels } from "#control-plane/history/series";
import type { Tables } from "#control-plane/history/tables";
import { latencies } from "#control-plane/history/traffic-samples";

/** The API server's own requests, and what its process takes. A request costs an addition. */
export class ServerSamples {
  private readonly tables: Tables;
  private readonly labels: Labels;
  private buckets = emptyBuckets();
  private errors = 0;
  private sinceMs: number;
  private cpuMicros = cpuMicrosNow();

  /** `labels`: of several servers, which one it is. */
  constructor(tables: Tables, labels: Labels, nowMs: number) {
    this.tables = tables;
    this.labels = labels;
    this.sinceMs = nowMs;
  }

  /** An answer other than a watch. */
  observe(code: number, ms: number): void {
    let at = DURATION_BOUNDS_MS.findIndex((bound) => ms <= bound);
    if (at < 0) at = DURATION_BOUNDS_MS.length;
    this.buckets[at] = (this.buckets[at] ?? 0) + 1;
    if (code >= 500) this.errors++;
  }

  /** At least of so long: what is shorter says little. */
  flush(nowMs: number, leastMs = 1): void {
    const windowMs = nowMs - this.sinceMs;
    if (windowMs < leastMs) return;
    const cpuMicros = cpuMicrosNow();
    const cpu = (cpuMicros - this.cpuMicros) / 1000 / windowMs;
    const requests = this.buckets.reduce((sum, count) => sum + count, 0);
    const rates = [requests, this.errors].map((count) => (count * 1000) / windowMs);
    const values = [cpu, process.memoryUsage.rss(), ...rates, ...latencies(this.buckets)];
    this.tables.server.take("", nowMs, () => this.labels)?.add(nowMs, values);
    this.buckets = emptyBuckets();
    this.errors = 0;
    this.sinceMs = nowMs;
    this.cpuMicros = cpuMicros;
  }
}

function emptyBuckets(): number[] {
  return [...DURATION_BOUNDS_MS, 0].fill(0);
}

function cpuMicrosNow(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
