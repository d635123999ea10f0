import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import {
  type AgentMessage,
  AgentMessageCodec,
  type ImageChunk,
  ImageChunkCodec,
  type ImageRequest,
  ImageRequestCodec,
  type PeerMetricsReply,
  PeerMetricsReplyCodec,
  type PeerMetricsRequest,
  PeerMetricsRequestCodec,
  type PeerReadReply,
  PeerReadReplyCodec,
  type PeerReadRequest,
  PeerReadRequestCodec,
  type ServerMessage,
  ServerMessageCodec,
  type StreamFrame,
  StreamFrameCodec,
} from "#proto/agent";

/** A server message, or the same already encoded: what goes to every node is encoded once. */
export type OutgoingServerMessage = ServerMessage | Buffer;

type SessionMethod = MethodDefinition<AgentMessage, OutgoingServerMessage> & {
  responseDeserialize: (bytes: Buffer) => ServerMessage;
};

type FramesMethod = MethodDefinition<StreamFrame, StreamFrame>;

const framesBothWays = {
  requestStream: true,
  responseStream: true,
  requestSerialize: (frame: StreamFrame) => encoded(StreamFrameCodec.encode(frame)),
  requestDeserialize: (bytes: Buffer) => StreamFrameCodec.decode(bytes),
  responseSerialize: (frame: StreamFrame) => encoded(StreamFrameCodec.encode(frame)),
  responseDeserialize: (bytes: Buffer) => StreamFrameCodec.decode(bytes),
} as const;

/** The gRPC service of agent.proto, written by hand over the generated codecs; both sides use it. */
export const nodeGatewayService = {
  session: {
    path: "/kaji.agent.v1.NodeGateway/Session",
    requestStream: true,
    responseStream: true,
    requestSerialize: (message) => encoded(AgentMessageCodec.encode(message)),
    requestDeserialize: (bytes) => AgentMessageCodec.decode(bytes),
    responseSerialize: (message) =>
      Buffer.isBuffer(message) ? message : encoded(ServerMessageCodec.encode(message)),
    responseDeserialize: (bytes) => ServerMessageCodec.decode(bytes),
  } satisfies SessionMethod as SessionMethod,
  stream: { path: "/kaji.agent.v1.NodeGateway/Stream", ...framesBothWays } satisfies FramesMethod,
  fetchImage: {
    path: "/kaji.agent.v1.NodeGateway/FetchImage",
    requestStream: false,
    responseStream: true,
    requestSerialize: (request) => encoded(ImageRequestCodec.encode(request)),
    requestDeserialize: (bytes) => ImageRequestCodec.decode(bytes),
    responseSerialize: (chunk) => encoded(ImageChunkCodec.encode(chunk)),
    responseDeserialize: (bytes) => ImageChunkCodec.decode(bytes),
  } satisfies MethodDefinition<ImageRequest, ImageChunk>,
  relay: { path: "/kaji.agent.v1.NodeGateway/Relay", ...framesBothWays } satisfies FramesMethod,
  peerMetrics: {
    path: "/kaji.agent.v1.NodeGateway/PeerMetrics",
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) => encoded(PeerMetricsRequestCodec.encode(request)),
    requestDeserialize: (bytes) => PeerMetricsRequestCodec.decode(bytes),
    responseSerialize: (reply) => encoded(PeerMetricsReplyCodec.encode(reply)),
    responseDeserialize: (bytes) => PeerMetricsReplyCodec.decode(bytes),
  } satisfies MethodDefinition<PeerMetricsRequest, PeerMetricsReply>,
  peerRead: {
    path: "/kaji.agent.v1.NodeGateway/PeerRead",
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) => encoded(PeerReadRequestCodec.encode(request)),
    requestDeserialize: (bytes) => PeerReadRequestCodec.decode(bytes),
    responseSerialize: (reply) => encoded(PeerReadReplyCodec.encode(reply)),
    responseDeserialize: (bytes) => PeerReadReplyCodec.decode(bytes),
  } satisfies MethodDefinition<PeerReadRequest, PeerReadReply>,
} satisfies ServiceDefinition;

/** Trailing metadata of a refused Relay: the Status as JSON. */
export const statusKey = "kaji-status-bin";

/** The metadata key that says which OpenStream a Stream call answers. */
export const streamIdKey = "kaji-stream-id";

/** What an agent sends is small; what it receives may be all secrets of 110 pods in one full Desired. */
export const maxAgentMessageBytes = 4 << 20;
export const maxServerMessageBytes = 256 << 20;

export function encodeServerMessage(message: ServerMessage): Buffer {
  return encoded(ServerMessageCodec.encode(message));
}

function encoded(writer: { finish(): Uint8Array }): Buffer {
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
