import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { OutgoingServerMessage } from "#proto/node-gateway";

/** An agent that asks more often has a fault: signing costs the server 9 ms. */
const minIntervalMs = 1_000;

export interface CertificateRequestsOptions {
  /** Signs the request's key for this node; throws when it is no valid CSR. */
  signCsr(nodeName: string, csrPem: string): Promise<string>;
  readonly caPem: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Gives connected nodes their next certificate, under the name that their present one has. */
export class CertificateRequests {
  private readonly options: CertificateRequestsOptions;
  private readonly answeredAtMs = new Map<string, number>();

  constructor(options: CertificateRequestsOptions) {
    this.options = options;
  }

  /** Never rejects: the agent asks again. */
  async answer(
    nodeName: string,
    csrPem: string,
    send: (message: OutgoingServerMessage) => void,
  ): Promise<void> {
    const { clock, log, caPem } = this.options;
    const now = clock.now();
    if (now - (this.answeredAtMs.get(nodeName) ?? Number.NEGATIVE_INFINITY) < minIntervalMs) return;
    this.answeredAtMs.set(nodeName, now);
    try {
      const certificatePem = await this.options.signCsr(nodeName, csrPem);
      send({ message: "certificate", certificate: { certificatePem, caPem } });
      log.info("a node's certificate was renewed", { node: nodeName });
    } catch (error) {
      log.warn("a node's certificate could not be renewed", {
        node: nodeName,
        error: errorChain(error),
      });
    }
  }

  forget(nodeName: string): void {
    this.answeredAtMs.delete(nodeName);
  }
}
