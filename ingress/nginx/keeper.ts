import { existsSync } from "node:fs";
import type { NginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, nginxPid, workerPids, workersByLog } from "#ingress/nginx/process";
import { sleep, systemClock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

const RETRY_MS = 1_000;
/** A master that was killed is noticed by nobody: its workers serve on. */
const MASTER_CHECK_MS = 10_000;

/**
 * Keeps nginx running, and knows what its workers hold.
 *
 * Invariant: while a worker of a killed master lives, no address counts as free of requests: what such a worker
 * holds is counted where nobody can read it any more.
 */
export class NginxKeeper {
  private readonly settings: NginxSettings;
  private readonly admin: NginxAdmin;
  private readonly log: Log;
  /** Workers of a killed master. */
  private retiring: readonly number[] = [];

  constructor(settings: NginxSettings, admin: NginxAdmin, log: Log) {
    this.settings = settings;
    this.admin = admin;
    this.log = log;
  }

  async start(): Promise<void> {
    this.retiring = await ensureNginx(this.settings, this.log);
  }

  workers(): number[] {
    const { runDir, logDir } = this.settings;
    const master = nginxPid(runDir);
    return master === undefined ? workersByLog(logDir) : workerPids(master);
  }

  /** Requests in flight by address, over every worker. */
  async inFlight(addresses: readonly string[]): Promise<readonly number[]> {
    this.retiring = this.retiring.filter((pid) => existsSync(`/proc/${pid}`));
    const retiring = this.retiring.length;
    if (retiring > 0) return addresses.map(() => retiring);
    const workers = this.workers();
    if (workers.length === 0) return addresses.map(() => 0);
    const counts = await this.admin.counters(
      addresses.flatMap((address) => workers.map((pid) => `${address}|${pid}`)),
    );
    return addresses.map((_, i) =>
      counts
        .slice(i * workers.length, (i + 1) * workers.length)
        .reduce((sum, count) => sum + Math.max(0, count), 0),
    );
  }

  /** Starts nginx again when it ends, by `start`, and calls `onStarted` then. */
  async keep(
    signal: AbortSignal,
    { start, onStarted }: { start(): Promise<void>; onStarted(): void },
  ): Promise<void> {
    const { runDir, logDir } = this.settings;
    while (!signal.aborted) {
      await this.untilItBreaks(signal);
      if (signal.aborted) return;
      try {
        // Until it is known who retires, any of them may hold a request.
        if (nginxPid(runDir) === undefined) this.retiring = workersByLog(logDir);
        await start();
      } catch (error) {
        this.log.error("nginx is down and could not be started", { error: errorChain(error) });
      }
      onStarted();
      await sleep(systemClock, RETRY_MS, signal);
    }
  }

  /** A worker that ends is seen at once: a connection to it stays open and then closes. A master is looked for. */
  private async untilItBreaks(signal: AbortSignal): Promise<void> {
    const look = new AbortController();
    const stopLooking = (): void => look.abort();
    signal.addEventListener("abort", stopLooking, { once: true });
    const watchMaster = async (): Promise<void> => {
      while (!look.signal.aborted) {
        await sleep(systemClock, MASTER_CHECK_MS, look.signal);
        if (nginxPid(this.settings.runDir) === undefined) look.abort();
      }
    };
    await Promise.all([this.admin.untilGone(look.signal).finally(stopLooking), watchMaster()]);
    signal.removeEventListener("abort", stopLooking);
  }
}
