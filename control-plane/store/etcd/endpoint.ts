import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  connectivityState,
  Metadata,
} from "@grpc/grpc-js";
import { NotConnectedError } from "#control-plane/store/etcd/etcd-errors";
import type { Method } from "#proto/etcd";

/** How long a connection may take. A stopped process still accepts TCP connections: only this ends the wait. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Above etcd's own limit on how often a client may ping (5 s), which it enforces by hanging up. */
const KEEPALIVE_TIME_MS = 6_000;
const KEEPALIVE_TIMEOUT_MS = 3_000;
/** Of one reply. A page of a list is made smaller when it does not fit. */
const MAX_RECEIVE_BYTES = 64 << 20;

const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": MAX_RECEIVE_BYTES,
  // etcd says itself what is too large.
  "grpc.max_send_message_length": -1,
  "grpc.keepalive_time_ms": KEEPALIVE_TIME_MS,
  "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.min_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 2_000,
  // Who repeats a call is decided in connection.ts and nowhere else.
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.use_local_subchannel_pool": 1,
  "grpc.enable_http_proxy": 0,
};

/**
 * One member of the cluster. Owns its connection and the streams that are open on it.
 * Invariant: a call that fails with NotConnectedError was not sent.
 */
export class Endpoint {
  readonly address: string;
  private readonly credentials: ChannelCredentials;
  private client: Client;
  private readonly streams = new Set<{ cancel(): void }>();

  constructor(address: string, credentials: ChannelCredentials) {
    this.address = address;
    this.credentials = credentials;
    this.client = new Client(address, credentials, CHANNEL_OPTIONS);
  }

  async unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    timeoutMs: number,
  ): Promise<Response> {
    const client = await this.connected();
    const { path, encode, decode } = method;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        encode,
        decode,
        request,
        withLeader(),
        { deadline: Date.now() + timeoutMs },
        (error, response) => (error ? reject(error) : resolve(response as Response)),
      );
    });
  }

  /** The stream is cancelled when the endpoint is left. Caller must: listen to "error". */
  async stream<Request, Response>(
    method: Method<Request, Response>,
    timeoutMs?: number,
  ): Promise<ClientDuplexStream<Request, Response>> {
    const client = await this.connected();
    const { path, encode, decode } = method;
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    const stream = client.makeBidiStreamRequest(path, encode, decode, withLeader(), options);
    this.streams.add(stream);
    stream.once("close", () => this.streams.delete(stream));
    return stream;
  }

  /** Ends the streams; calls under way go on until their deadline; the next call connects anew. */
  leave(): void {
    for (const stream of this.streams) stream.cancel();
    this.streams.clear();
    this.client.close();
    this.client = new Client(this.address, this.credentials, CHANNEL_OPTIONS);
  }

  close(): void {
    for (const stream of this.streams) stream.cancel();
    this.client.close();
  }

  /** At once when the connection stands; refused at once when the last attempt to connect failed. */
  private connected(): Promise<Client> {
    const { client } = this;
    const channel = client.getChannel();
    const deadline = Date.now() + CONNECT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const refuse = (reason: string): void =>
        reject(new NotConnectedError(`no connection to etcd at ${this.address}: ${reason}`));
      const look = (error?: Error): void => {
        if (error) return refuse(`no answer within ${CONNECT_TIMEOUT_MS} ms`);
        if (client !== this.client) return refuse("it was given up");
        const state = channel.getConnectivityState(true);
        if (state === connectivityState.READY) return resolve(client);
        if (state === connectivityState.SHUTDOWN) return refuse("it is closed");
        if (state === connectivityState.TRANSIENT_FAILURE) {
          return refuse("refused, or cut off while connecting");
        }
        channel.watchConnectivityState(state, deadline, look);
      };
      look();
    });
  }
}

/** A member that is cut off from the leader refuses at once instead of keeping the caller waiting. */
function withLeader(): Metadata {
  const metadata = new Metadata();
  metadata.set("hasleader", "true");
  return metadata;
}
