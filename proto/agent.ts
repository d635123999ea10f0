import protobuf from "protobufjs/minimal.js";
import { kaji } from "./generated/agent.js";

/**
 * The node protocol's messages, by their short names: the codecs of what goes over the wire, and the plain
 * objects that they take and give. The generated file is imported only here.
 */
const v1 = kaji.agent.v1;
export const AgentMessageCodec = v1.AgentMessage;
export const ServerMessageCodec = v1.ServerMessage;
export const StreamFrameCodec = v1.StreamFrame;
export const PeerMetricsRequestCodec = v1.PeerMetricsRequest;
export const PeerMetricsReplyCodec = v1.PeerMetricsReply;
export const PeerReadRequestCodec = v1.PeerReadRequest;
export const PeerReadReplyCodec = v1.PeerReadReply;
export const ImageRequestCodec = v1.ImageRequest;
export const ImageChunkCodec = v1.ImageChunk;
export const ImageOfferCodec = v1.ImageOffer;

// 64-bit fields are numbers here (2^53 is enough for lines, bytes and generations). With the package `long`
// installed, which another dependency may bring, protobufjs would decode them as objects.
Object.assign(protobuf.util, { Long: undefined });
protobuf.configure();
// The generated code gives an absent 64-bit field a Long, although its types (and what it decodes) are numbers.
Object.assign(v1.LogRequest.prototype, { tailLines: 0, limitBytes: 0 });
Object.assign(v1.Desired.prototype, { generation: 0 });
Object.assign(v1.ImageOffer.prototype, { sizeBytes: 0, namedAtMs: 0 });

export type AgentMessage = kaji.agent.v1.AgentMessage.$Shape;
export type ServerMessage = kaji.agent.v1.ServerMessage.$Shape;
export type StreamFrame = kaji.agent.v1.StreamFrame.$Shape;
export type Hello = kaji.agent.v1.Hello.$Shape;
export type Welcome = kaji.agent.v1.Welcome.$Shape;
export type PodReport = kaji.agent.v1.PodReport.$Shape;
export type PodGone = kaji.agent.v1.PodGone.$Shape;
export type Desired = kaji.agent.v1.Desired.$Shape;
export type Assignment = kaji.agent.v1.Assignment.$Shape;
export type ConfigObject = kaji.agent.v1.ConfigObject.$Shape;
export type ServiceTable = kaji.agent.v1.ServiceTable.$Shape;
export type ServiceEntry = kaji.agent.v1.ServiceEntry.$Shape;
export type OpenStream = kaji.agent.v1.OpenStream.$Shape;
export type StreamRefused = kaji.agent.v1.StreamRefused.$Shape;
export type PeerTable = kaji.agent.v1.PeerTable.$Shape;
export type Peer = kaji.agent.v1.Peer.$Shape;
export type PolicyTable = kaji.agent.v1.PolicyTable.$Shape;
export type PolicyEntry = kaji.agent.v1.PolicyEntry.$Shape;
export type PolicyRule = kaji.agent.v1.PolicyRule.$Shape;
export type PolicyGroup = kaji.agent.v1.PolicyGroup.$Shape;
export type PeerMetricsRequest = kaji.agent.v1.PeerMetricsRequest.$Shape;
export type PeerMetricsReply = kaji.agent.v1.PeerMetricsReply.$Shape;
export type PeerReadRequest = kaji.agent.v1.PeerReadRequest.$Shape;
export type PeerReadReply = kaji.agent.v1.PeerReadReply.$Shape;
export type ImageRequest = kaji.agent.v1.ImageRequest.$Shape;
export type ImageChunk = kaji.agent.v1.ImageChunk.$Shape;
export type ImageOffer = kaji.agent.v1.ImageOffer.$Shape;
export type Certificate = kaji.agent.v1.Certificate.$Shape;

/** Kubernetes objects travel as JSON bytes. */
export function toJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** Caller must: know the type from the protocol; what a peer sends is checked where it is used. */
export function fromJson<T>(bytes: Uint8Array | null | undefined): T {
  return JSON.parse(Buffer.from(bytes ?? []).toString("utf8")) as T;
}
