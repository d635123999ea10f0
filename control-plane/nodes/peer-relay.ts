import { type ClientDuplexStream, Metadata, type ServiceError } from "@grpc/grpc-js";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Status } from "#api/schema/types";
import type { Client as ApiClient } from "#client/client";
import { statusErrorFrom } from "#client/status-response";
import type { Measured, NodeStream } from "#control-plane/apiserver/node-streams";
import { gatewayOf } from "#control-plane/nodes/node-lease";
import type { PeerConnections } from "#control-plane/nodes/peer-connections";
import { notConnected, untilStatus } from "#control-plane/nodes/stream-broker";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import { fromJson, type OpenStream, type PeerMetricsReply, type StreamFrame } from "#proto/agent";
import { framedStream } from "#proto/framed-stream";
import { nodeGatewayService, statusKey } from "#proto/node-gateway";

export interface PeerRelayOptions {
  readonly client: ApiClient;
  readonly connections: PeerConnections;
  readonly clock: Clock;
  readonly log: Log;
}

/** A little more than the other server waits for the node. */
const openTimeoutMs = 12_000;
/** Metrics of a server that is slow are left out rather than waited for. */
const metricsTimeoutMs = 1_500;
/** Nodes that measure for the question take a moment more. */
const onceTimeoutMs = 3_000;

type FrameStream = ClientDuplexStream<StreamFrame, StreamFrame>;

/**
 * What this server's users want of nodes that are connected to another server: asked of that server's gateway.
 * Which one it is stands on the node's Lease.
 */
export class PeerRelay {
  private readonly options: PeerRelayOptions;
  private metrics: Measured = { nodes: [], pods: [] };

  constructor(options: PeerRelayOptions) {
    this.options = options;
  }

  /** Throws StatusError, the other server's own where it refused. */
  async open(nodeName: string, open: OpenStream): Promise<NodeStream> {
    const { client, connections } = this.options;
    const address = await gatewayOf(client, nodeName);
    if (!address || !connections.others().includes(address)) throw notConnected(nodeName);
    const { path, requestSerialize, responseDeserialize } = nodeGatewayService.relay;
    const call: FrameStream = connections
      .to(address)
      .makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata(), {});
    call.write({ frame: "relayOpen", relayOpen: { nodeName, open } });
    await this.opened(call, nodeName, address);
    return toNodeStream(call);
  }

  /** Asks every other server; afterwards `nodeMetrics` and `podMetrics` have what came in time. */
  async refreshMetrics(): Promise<void> {
    this.metrics = await this.metricsOfAll(false);
  }

  /** Of the nodes of every other server, which measure once for it. */
  async measureOnce(): Promise<Measured> {
    return this.metricsOfAll(true);
  }

  nodeMetrics(): readonly unknown[] {
    return this.metrics.nodes;
  }

  podMetrics(): readonly unknown[] {
    return this.metrics.pods;
  }

  private opened(call: FrameStream, nodeName: string, address: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.options.clock.after(openTimeoutMs, () => {
        const limit = `${openTimeoutMs / 1000} s`;
        reject(errors.timeout(`node ${nodeName} has not answered by ${address} within ${limit}`));
        call.cancel();
      });
      call.once("metadata", () => {
        cancelTimeout();
        resolve();
      });
      // Stays: an error that nobody listens for would end the process.
      call.on("error", (error: ServiceError) => {
        cancelTimeout();
        reject(refusalOf(error, nodeName));
      });
    });
  }

  private async metricsOfAll(once: boolean): Promise<Measured> {
    const others = this.options.connections.others();
    const replies = await Promise.all(others.map((address) => this.metricsOf(address, once)));
    return measuredIn(replies.filter((reply) => reply !== undefined));
  }

  private async metricsOf(address: string, once: boolean): Promise<PeerMetricsReply | undefined> {
    const { connections, log } = this.options;
    const { peerMetrics } = nodeGatewayService;
    const timeoutMs = once ? onceTimeoutMs : metricsTimeoutMs;
    const answered = await connections.unary(address, peerMetrics, { once }, timeoutMs);
    if ("reply" in answered) return answered.reply;
    log.warn("the metrics of another server's nodes are missing", {
      server: address,
      error: errorChain(answered.error),
    });
    return undefined;
  }
}

function measuredIn(replies: readonly PeerMetricsReply[]): Measured {
  return {
    nodes: replies.flatMap(({ nodeMetricsJson = [] }) => nodeMetricsJson.map(fromJson)),
    pods: replies.flatMap(({ podMetricsJson = [] }) => podMetricsJson.map(fromJson)),
  };
}

function toNodeStream(call: FrameStream): NodeStream {
  const framed = framedStream(call);
  return {
    chunks: untilStatus(framed),
    send: (chunk) => framed.send(chunk),
    cancel: () => call.cancel(),
  };
}

function refusalOf(error: ServiceError, nodeName: string): StatusError {
  const [json] = error.metadata?.get(statusKey) ?? [];
  if (Buffer.isBuffer(json)) {
    const refusal = fromJson<Status>(json);
    return statusErrorFrom({ status: refusal.code ?? 500, value: refusal });
  }
  return errors.unavailable(
    `the server that node ${nodeName} is connected to cannot be reached: ${error.details}`,
  );
}
