import { type Client, type ClientDuplexStream, type ClientOptions, Metadata } from "@grpc/grpc-js";
import type { Cancel } from "#kit/clock";
import { errorChain } from "#kit/log";
import type { DesiredPicture } from "#node-agent/session/desired-state";
import { fetchImage } from "#node-agent/session/fetch-image";
import type { Outbox } from "#node-agent/session/outbox";
import { serveStream } from "#node-agent/session/serve-stream";
import type {
  FetchedImage,
  ImageStreamRequest,
  NodeSessionOptions,
  WelcomeData,
} from "#node-agent/session/types";
import {
  type AgentMessage,
  type OpenStream,
  type ServerMessage,
  type StreamFrame,
  toJson,
  type Welcome,
} from "#proto/agent";
import { gatewayClient } from "#proto/gateway-client";
import { maxServerMessageBytes, nodeGatewayService, streamIdKey } from "#proto/node-gateway";

export interface Connection {
  isWelcomed(): boolean;
  /** The outbox has something: send it when there is room. */
  wake(): void;
  /** undefined: no node has it, or this connection serves no more. */
  fetchImage(request: ImageStreamRequest): Promise<FetchedImage | undefined>;
  /** Never rejects. */
  readonly ended: Promise<ConnectionEnd>;
}

export interface ConnectionEnd {
  readonly wasWelcomed: boolean;
  readonly why: string;
  /** The server is well, and wants the connection checked this often: make it again. */
  readonly keepaliveMs?: number;
}

export interface ConnectOptions extends NodeSessionOptions {
  /** "host:port" */
  readonly gateway: string;
  /** A server that froze is noticed within one and a half of it. */
  readonly keepaliveMs: number;
  readonly outbox: Outbox;
  readonly picture: DesiredPicture;
  readonly signal: AbortSignal;
}

/** A gateway that has not said Welcome by then hangs: another may serve. */
const welcomeTimeoutMs = 12_000;
/** exec, attach, port-forward and log streams at a time. */
const maxOpenStreams = 256;

const minKeepaliveMs = 1_000;

const channelOptions: ClientOptions = {
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_receive_message_length": maxServerMessageBytes,
  "grpc.enable_retries": 0,
  // The session reconnects by itself, each time with the newest certificate.
  "grpc.use_local_subchannel_pool": 1,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
};

/** One connection from Hello to its end. */
export function connect(options: ConnectOptions): Connection {
  const client = createClient(options);
  const { path, requestSerialize, responseDeserialize } = nodeGatewayService.session;
  const call = client.makeBidiStreamRequest<AgentMessage, ServerMessage>(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
    {},
  );
  const sender = startSender(call, options.outbox);
  const receiver = createReceiver(options, client, sender);
  const ended = new Promise<ConnectionEnd>((resolve) => {
    let why = "the server closed the session";
    let hasGivenUp = false;
    let keepaliveMs: number | undefined;
    const giveUp = (reason: string): void => {
      why = reason;
      hasGivenUp = true;
      call.cancel();
    };
    const abort = (): void => call.cancel();
    options.signal.addEventListener("abort", abort, { once: true });
    const cancelDeadline = options.clock.after(welcomeTimeoutMs, () => {
      if (!receiver.isWelcomed()) giveUp(`no Welcome within ${welcomeTimeoutMs / 1000} s`);
    });
    call.on("error", (error) => {
      if (!hasGivenUp) why = error.message;
    });
    call.on("data", (message: ServerMessage) => {
      if (hasGivenUp) return;
      keepaliveMs = quickerKeepalive(message, options);
      if (keepaliveMs) return giveUp(`the connection is to be checked every ${keepaliveMs} ms`);
      const problem = receiver.receive(message);
      if (problem) giveUp(problem);
    });
    call.on("end", () => call.end());
    call.on("status", () => {
      options.signal.removeEventListener("abort", abort);
      cancelDeadline();
      const wasWelcomed = receiver.isWelcomed();
      receiver.close();
      client.close();
      resolve({ wasWelcomed, why, ...(keepaliveMs ? { keepaliveMs } : {}) });
    });
    if (options.signal.aborted) abort();
  });
  sender.hello(options);
  return {
    isWelcomed: receiver.isWelcomed,
    wake: sender.wake,
    fetchImage: async (request) =>
      receiver.isWelcomed() ? fetchImage(client, request, options.clock) : undefined,
    ended,
  };
}

/** A cluster that gives lost nodes up early must not lose those whose server froze. */
function quickerKeepalive(message: ServerMessage, options: ConnectOptions): number | undefined {
  if (message.message !== "welcome") return undefined;
  const wantedMs = Math.max(minKeepaliveMs, message.welcome.heartbeatIntervalMs || Infinity);
  return wantedMs < options.keepaliveMs ? wantedMs : undefined;
}

function createClient({ gateway, keepaliveMs, tls }: ConnectOptions): Client {
  return gatewayClient(gateway, tls(), {
    ...channelOptions,
    "grpc.keepalive_time_ms": keepaliveMs,
    "grpc.keepalive_timeout_ms": Math.max(minKeepaliveMs, keepaliveMs / 2),
  });
}

type Session = ClientDuplexStream<AgentMessage, ServerMessage>;

/** Empties the outbox into the call as fast as the server takes it; nothing before Welcome but Hello. */
function startSender(call: Session, outbox: Outbox) {
  let isOpen = false;
  let isFull = false;
  const flush = (): void => {
    while (isOpen && !isFull && call.writable) {
      const message = outbox.take();
      if (!message) return;
      isFull = !call.write(message);
    }
  };
  call.on("drain", () => {
    isFull = false;
    flush();
  });
  return {
    hello(options: NodeSessionOptions): void {
      const { nodeName, agentVersion, bootId, node } = options.hello();
      const hello = { nodeName, agentVersion, bootId, nodeJson: toJson(node) };
      outbox.resendAll();
      call.write({ message: "hello", hello });
    },
    wake: flush,
    /** Called once, by Welcome. */
    open(): void {
      isOpen = true;
      flush();
    },
  };
}

function createReceiver(options: ConnectOptions, client: Client, sender: Sender) {
  const { callbacks, clock, outbox, picture } = options;
  let isWelcomed = false;
  let cancelHeartbeat: Cancel | undefined;
  let openStreams = 0;

  const beat = (intervalMs: number): void => {
    cancelHeartbeat = clock.after(intervalMs, () => {
      outbox.setPassing("heartbeat", { message: "heartbeat", heartbeat: {} });
      sender.wake();
      beat(intervalMs);
    });
  };
  const welcome = (message: Welcome): void => {
    isWelcomed = true;
    callbacks.onWelcome(toWelcomeData(message));
    beat(message.heartbeatIntervalMs || 10_000);
    sender.open();
  };
  const refuse = (streamId: string, why: string): void => {
    const streamRefused = { streamId, message: why };
    outbox.setPassing(`refused/${streamId}`, { message: "streamRefused", streamRefused });
    sender.wake();
  };
  const serve = async (message: OpenStream): Promise<void> => {
    const streamId = message.streamId ?? "";
    if (openStreams >= maxOpenStreams) return refuse(streamId, "too many streams on this node");
    openStreams++;
    try {
      await serveStream({
        message,
        openCall: () => openStreamCall(client, streamId),
        serve: callbacks.onOpenStream,
        ...(callbacks.onImageStream ? { serveImage: callbacks.onImageStream } : {}),
        ...(callbacks.onRead ? { serveRead: callbacks.onRead } : {}),
        refuse: (why) => refuse(streamId, why),
      });
    } finally {
      openStreams--;
    }
  };
  const dispatch = (message: ServerMessage): void => {
    switch (message.message) {
      case "welcome":
        return welcome(message.welcome);
      case "desired": {
        const state = picture.applyDesired(message.desired);
        outbox.retainPods((uid) => !picture.isPodGone(uid));
        return callbacks.onDesired(state);
      }
      case "services":
        return callbacks.onServices(picture.applyServices(message.services));
      case "peers":
        return callbacks.onPeers(picture.applyPeers(message.peers));
      case "policies":
        return callbacks.onPolicies(picture.applyPolicies(message.policies));
      case "policyGroup":
        return callbacks.onPolicies(picture.applyPolicyGroup(message.policyGroup));
      case "openStream":
        serve(message.openStream).catch((error: unknown) =>
          options.log.error("a stream failed", { error: errorChain(error) }),
        );
        return;
      case "certificate": {
        const { certificatePem = "", caPem = "" } = message.certificate;
        return callbacks.onCertificate({ certificatePem, caPem });
      }
      case "statsWanted":
        return callbacks.onStatsWanted?.(message.statsWanted.forMs ?? 60_000);
      case "servers":
        return options.gateways.tell(message.servers.gateways ?? []);
      case undefined:
        // A newer server's message: ignored, as protobuf means it.
        return;
    }
  };
  return {
    isWelcomed: () => isWelcomed,
    /** What is wrong with the message, so that the connection must end; undefined when it was taken. */
    receive(message: ServerMessage): string | undefined {
      if (isWelcomed === (message.message === "welcome")) return "the server broke the protocol";
      dispatch(message);
      return undefined;
    },
    close(): void {
      isWelcomed = false;
      cancelHeartbeat?.();
    },
  };
}

type Sender = { wake(): void; open(): void };

function openStreamCall(
  client: Client,
  streamId: string,
): ClientDuplexStream<StreamFrame, StreamFrame> {
  const metadata = new Metadata();
  metadata.set(streamIdKey, streamId);
  const { path, requestSerialize, responseDeserialize } = nodeGatewayService.stream;
  return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, {});
}

function toWelcomeData(welcome: Welcome): WelcomeData {
  return {
    serverVersion: welcome.serverVersion ?? "",
    clusterDomain: welcome.clusterDomain ?? "",
    podCidr: welcome.podCidr ?? "",
    clusterPodCidr: welcome.clusterPodCidr ?? "",
    serviceCidr: welcome.serviceCidr ?? "",
    dnsIp: welcome.dnsIp ?? "",
    nodeUid: welcome.nodeUid ?? "",
  };
}
