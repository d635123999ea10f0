import { type Client, Metadata, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";
import type { GatewayTls } from "#control-plane/nodes/gateway-credentials";
import type { ServerDirectory } from "#control-plane/servers/types";
import { gatewayClient } from "#proto/gateway-client";
import { maxServerMessageBytes } from "#proto/node-gateway";

const channelOptions = {
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.max_receive_message_length": maxServerMessageBytes,
  "grpc.enable_retries": 0,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
};

type Answered<Reply> = { readonly reply: Reply } | { readonly error: ServiceError };

/**
 * To the gateways of the other servers.
 *
 * Invariant: at most one connection per server of the directory.
 */
export class PeerConnections {
  private readonly servers: ServerDirectory;
  private readonly tls: () => GatewayTls;
  private readonly peers = new Map<string, Client>();

  /** `tls`: as which this server speaks to the others; read at each new connection. */
  constructor({ servers, tls }: { readonly servers: ServerDirectory; tls(): GatewayTls }) {
    this.servers = servers;
    this.tls = tls;
    servers.onChange(() => this.dropGone());
  }

  /** Their addresses. */
  others(): string[] {
    const { self } = this.servers;
    const others = this.servers.list().filter(({ name }) => name !== self.name);
    return others.map(({ gatewayAddress }) => gatewayAddress);
  }

  to(address: string): Client {
    const known = this.peers.get(address);
    if (known) return known;
    const peer = gatewayClient(address, this.tls(), channelOptions);
    this.peers.set(address, peer);
    return peer;
  }

  unary<Request, Reply>(
    address: string,
    method: Pick<
      MethodDefinition<Request, Reply>,
      "path" | "requestSerialize" | "responseDeserialize"
    >,
    request: Request,
    timeoutMs: number,
  ): Promise<Answered<Reply>> {
    const { path, requestSerialize, responseDeserialize } = method;
    const deadline = Date.now() + timeoutMs;
    return new Promise((resolve) => {
      this.to(address).makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline },
        (error, reply) => resolve(error ? { error } : { reply: reply as Reply }),
      );
    });
  }

  /** Our certificate is another now. Streams under way end with their connections. */
  close(): void {
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
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
