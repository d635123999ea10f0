import { promisify } from "node:util";
import { Server, type ServiceDefinition, status } from "@grpc/grpc-js";
import { errors } from "#api/machinery/status-error";
import { latePeers } from "#control-plane/apiserver/peers";
import { GatewayCredentials } from "#control-plane/nodes/gateway-credentials";
import { Hub } from "#control-plane/nodes/hub";
import { type ImageCall, ImageFetches } from "#control-plane/nodes/image-fetches";
import { OfferedImages } from "#control-plane/nodes/offered-images";
import { nodeNameOf } from "#control-plane/nodes/peer";
import { PeerConnections } from "#control-plane/nodes/peer-connections";
import { PeerQuestions } from "#control-plane/nodes/peer-questions";
import { PeerRelay } from "#control-plane/nodes/peer-relay";
import { servePeerMetrics, servePeerRead, serveRelay } from "#control-plane/nodes/peer-service";
import { RelayedStreams } from "#control-plane/nodes/relayed-streams";
import type { SessionCall } from "#control-plane/nodes/agent-session";
import type { StreamCall } from "#control-plane/nodes/stream-broker";
import type { NodeGateway, NodeGatewayOptions } from "#control-plane/nodes/types";
import type { AgentMessage } from "#proto/agent";
import {
  maxAgentMessageBytes,
  maxServerMessageBytes,
  nodeGatewayService,
  streamIdKey,
} from "#proto/node-gateway";

/** One session, and as many exec, log and port-forward streams as a node may have. */
const maxConcurrentStreams = 300;
const closeTimeoutMs = 2_000;

const serverOptions = {
  "grpc.keepalive_time_ms": 15_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.max_concurrent_streams": maxConcurrentStreams,
  "grpc.max_receive_message_length": maxAgentMessageBytes,
  "grpc.max_send_message_length": maxServerMessageBytes,
};

/** Listens for node agents: mutual TLS, and the certificate says which node it is. */
export async function createNodeGateway(options: NodeGatewayOptions): Promise<NodeGateway> {
  const { bindAddress, clock, informers, tls, answerPeer = knowsNothing } = options;
  await Promise.all(Object.values(informers).map(({ synced }) => synced));
  const hub = new Hub(options);
  const streams = new RelayedStreams(hub);
  const images = new ImageFetches({
    ...options,
    assignments: hub.assignments,
    offered: new OfferedImages(informers.nodes),
    open: (nodeName, open) => streams.openOn(nodeName, open),
  });
  const server = new Server(serverOptions);
  server.addService(nodeGatewayService as ServiceDefinition, {
    session: (call: SessionCall) => serveSession(hub, call),
    stream: (call: StreamCall) => serveStream(hub, call),
    fetchImage: (call: ImageCall) => serveFetch(images, call),
    relay: (call: StreamCall) => void serveRelay(hub, call),
    peerMetrics: (call: MetricsCall, answer: MetricsAnswer) =>
      void servePeerMetrics(hub, call, answer),
    peerRead: (call: ReadCall, answer: ReadAnswer) => servePeerRead(answerPeer, call, answer),
  });
  const credentials = new GatewayCredentials(tls);
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind(`${bindAddress}:${options.port}`, credentials);
  let connections: PeerConnections | undefined;
  return {
    nodeStreams: streams,
    peers: latePeers(() => connections && new PeerQuestions(connections)),
    isConnected: (nodeName) => hub.isConnected(nodeName),
    port,
    joinServers(peers) {
      connections = new PeerConnections(peers);
      streams.relayBy(new PeerRelay({ ...options, connections }));
      hub.joinServers(peers.servers);
    },
    setCertificate({ cert, key }) {
      credentials.replace({ ca: tls.ca, cert, key });
      connections?.close();
    },
    async close() {
      connections?.close();
      await hub.close();
      const cancel = clock.after(closeTimeoutMs, () => server.forceShutdown());
      await promisify(server.tryShutdown.bind(server))();
      cancel();
    },
  };
}

type MetricsCall = Parameters<typeof servePeerMetrics>[1];
type MetricsAnswer = Parameters<typeof servePeerMetrics>[2];
type ReadCall = Parameters<typeof servePeerRead>[1];
type ReadAnswer = Parameters<typeof servePeerRead>[2];

function knowsNothing(question: string): never {
  throw errors.badRequest(`nothing is known of ${question}`);
}

function serveSession(hub: Hub, call: SessionCall): void {
  const nodeName = nodeNameOf(call);
  if (!nodeName) return refuse(call, "the client certificate is not a node's");
  call.once("data", (message: AgentMessage) => hub.join(nodeName, call, message));
}

function serveStream(hub: Hub, call: StreamCall): void {
  const nodeName = nodeNameOf(call);
  if (!nodeName) return refuse(call, "the client certificate is not a node's");
  const [streamId = ""] = call.metadata.get(streamIdKey);
  hub.acceptStream(nodeName, String(streamId), call);
}

function serveFetch(images: ImageFetches, call: ImageCall): void {
  const nodeName = nodeNameOf(call);
  if (!nodeName) return refuse(call, "the client certificate is not a node's");
  void images.serve(nodeName, call);
}

function refuse(call: SessionCall | StreamCall | ImageCall, details: string): void {
  call.emit("error", { code: status.PERMISSION_DENIED, details });
}
