import { trafficReportKind } from "#api/kinds/traffic-report";
import { StatusError } from "#api/machinery/status-error";
import type { Service } from "#api/schema/types";
import type { Client } from "#client/client";
import { newReport, type ReportStatus, reportName } from "#ingress/traffic/report";
import type { Tracked } from "#ingress/traffic/tracked";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/** Writes reports, each Service's one after the other; nobody waits for it. */
export interface WriterOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly ingressName: string;
}

const RETRY_MS = 250;

export class ReportWriter {
  private readonly options: WriterOptions;
  private readonly underWay = new Set<Promise<void>>();

  constructor(options: WriterOptions) {
    this.options = options;
  }

  write(tracked: Tracked, status: ReportStatus): void {
    const { clock, log } = this.options;
    const startedMs = clock.now();
    const { service } = tracked.asked;
    tracked.writing = this.add(
      this.put(service, status)
        .then(() => tracked.markWritten(status, startedMs))
        .catch((error: unknown) => {
          tracked.retryAtMs = clock.now() + RETRY_MS;
          const { namespace, name } = service.metadata;
          const fields = { service: `${namespace}/${name}`, error: errorChain(error) };
          log.warn("the traffic of a service could not be reported", fields);
        })
        .finally(() => {
          tracked.writing = undefined;
        }),
    );
  }

  remove({ asked: { service }, writing }: Tracked): void {
    const { namespace = "", name } = service.metadata;
    const key = `${namespace}/${reportName(name, this.options.ingressName)}`;
    // What is being written may be making it.
    void this.add(Promise.resolve(writing).then(() => this.removeReport(key)));
  }

  /** Nobody asks any more. What cannot be removed now is removed by the next start. */
  async removeReport(key: string): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    try {
      await this.options.client.delete(trafficReportKind, { namespace, name });
    } catch (error) {
      if (error instanceof StatusError && error.code === 404) return;
      this.options.log.warn("a traffic report could not be removed", {
        report: key,
        error: errorChain(error),
      });
    }
  }

  async finished(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private add(task: Promise<void>): Promise<void> {
    const added = task.finally(() => this.underWay.delete(added));
    this.underWay.add(added);
    return added;
  }

  private async put(service: Service, status: ReportStatus): Promise<void> {
    const { client, ingressName } = this.options;
    const { namespace = "", name } = service.metadata;
    const target = { namespace, name: reportName(name, ingressName), subresource: "status" };
    const patch = { type: "merge", body: { status } } as const;
    try {
      await client.patch(trafficReportKind, target, patch);
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      await client.create(trafficReportKind, newReport(service, ingressName));
      await client.patch(trafficReportKind, target, patch);
    }
  }
}
