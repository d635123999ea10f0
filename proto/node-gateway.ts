import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import {
  type AgentMessage,
  AgentMessageCodec,
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
  stream: {
    path: "/kaji.agent.v1.NodeGateway/Stream",
    requestStream: true,
    responseStream: true,
    requestSerialize: (frame) => encoded(StreamFrameCodec.encode(frame)),
    requestDeserialize: (bytes) => StreamFrameCodec.decode(bytes),
    responseSerialize: (frame) => encoded(StreamFrameCodec.encode(frame)),
    responseDeserialize: (bytes) => StreamFrameCodec.decode(bytes),
  } satisfies MethodDefinition<StreamFrame, StreamFrame> as MethodDefinition<
    StreamFrame,
    StreamFrame
  >,
} satisfies ServiceDefinition;

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
