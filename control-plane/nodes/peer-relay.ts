import { type Client, type ClientDuplexStream, Metadata, type ServiceError } from "@grpc/grpc-js";
import { errors, type StatusError } from "#api/machinery/status-error";
import type { Status } from "#api/schema/types";
import type { Client as ApiClient } from "#client/client";
import { statusErrorFrom } from "#client/status-response";
import type { NodeStream } from "#control-plane/apiserver/node-streams";
import type { GatewayTls } from "#control-plane/nodes/gateway-credentials";
import { gatewayOf } from "#control-plane/nodes/node-lease";
import { notConnected, untilStatus } from "#control-plane/nodes/stream-broker";
import type { ServerDirectory } from "#control-plane/servers/types";
import type { Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import { fromJson, type OpenStream, type PeerMetricsReply, type StreamFrame } from "#proto/agent";
import { framedStream } from "#proto/framed-stream";
import { gatewayClient } from "#proto/gateway-client";
import { maxServerMessageBytes, nodeGatewayService, statusKey } from "#proto/node-gateway";

export interface PeerRelayOptions {
  readonly client: ApiClient;
  readonly servers: ServerDirectory;
  /** As which this server speaks to the others; read at each new connection. */
  tls(): GatewayTls;
  readonly clock: Clock;
  readonly log: Log;
}

/** A little more than the other server waits for the node. */
const openTimeoutMs = 12_000;
/** Metrics of a server that is slow are left out rather than waited for. */
const metricsTimeoutMs = 1_500;

const channelOptions = {
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.max_receive_message_length": maxServerMessageBytes,
  "grpc.enable_retries": 0,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
};

type FrameStream = ClientDuplexStream<StreamFrame, StreamFrame>;

/**
 * What this server's users want of nodes that are connected to another server: asked of that server's gateway.
 * Which one it is stands on the node's Lease.
 *
 * Invariant: at most one connection per server of the directory.
 */
export class PeerRelay {
  private readonly options: PeerRelayOptions;
  private readonly peers = new Map<string, Client>();
  private metrics: readonly PeerMetricsReply[] = [];

  constructor(options: PeerRelayOptions) {
    this.options = options;
    options.servers.onChange(() => this.dropGone());
  }

  /** Throws StatusError, the other server's own where it refused. */
  async open(nodeName: string, open: OpenStream): Promise<NodeStream> {
    const address = await gatewayOf(this.options.client, nodeName);
    if (!address || !this.others().includes(address)) throw notConnected(nodeName);
    const { path, requestSerialize, responseDeserialize } = nodeGatewayService.relay;
    const call: FrameStream = this.peer(address).makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new Metadata(),
      {},
    );
    call.write({ frame: "relayOpen", relayOpen: { nodeName, open } });
    await this.opened(call, nodeName, address);
    return toNodeStream(call);
  }

  /** Asks every other server; afterwards `nodes` and `pods` have what came in time. */
  async refreshMetrics(): Promise<void> {
    const others = this.others();
    const replies = await Promise.all(others.map((address) => this.metricsOf(address)));
    this.metrics = replies.filter((reply) => reply !== undefined);
  }

  nodeMetrics(): unknown[] {
    return this.metrics.flatMap(({ nodeMetricsJson = [] }) => nodeMetricsJson.map(fromJson));
  }

  podMetrics(): unknown[] {
    return this.metrics.flatMap(({ podMetricsJson = [] }) => podMetricsJson.map(fromJson));
  }

  /** Our certificate is another now. Streams under way end with their connections. */
  reconnect(): void {
    this.close();
  }

  close(): void {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }

  private others(): string[] {
    const { self } = this.options.servers;
    const others = this.options.servers.list().filter(({ name }) => name !== self.name);
    return others.map(({ gatewayAddress }) => gatewayAddress);
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

  private metricsOf(address: string): Promise<PeerMetricsReply | undefined> {
    const { path, requestSerialize, responseDeserialize } = nodeGatewayService.peerMetrics;
    const deadline = Date.now() + metricsTimeoutMs;
    return new Promise((resolve) => {
      this.peer(address).makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        {},
        new Metadata(),
        { deadline },
        (error, reply) => {
          if (error) {
            this.options.log.warn("the metrics of another server's nodes are missing", {
              server: address,
              error: errorChain(error),
            });
          }
          resolve(reply);
        },
      );
    });
  }

  private peer(address: string): Client {
    const known = this.peers.get(address);
    if (known) return known;
    const peer = gatewayClient(address, this.options.tls(), channelOptions);
    this.peers.set(address, peer);
    return peer;
  }

  private dropGone(): void {
    const others = new Set(this.others());
    for (const [address, peer] of this.peers) {
      if (others.has(address)) continue;
      peer.close();
      this.peers.delete(address);
    }
  }
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
