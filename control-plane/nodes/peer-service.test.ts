import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { servePeerMetrics } from "#control-plane/nodes/peer-service";
import { SERVERS_GROUP } from "#control-plane/pki/pki";
import type { PeerMetricsReply, PeerMetricsRequest } from "#proto/agent";

test("a measurement that fails is told to the server that asked for it, and ends no process", async () => {
  const subject = { O: SERVERS_GROUP };
  const call = {
    request: { once: true },
    getAuthContext: () => ({ sslPeerCertificate: { subject } }),
  } as unknown as ServerUnaryCall<PeerMetricsRequest, PeerMetricsReply>;
  const nodes = {
    nodeStreams: { measureOnce: () => Promise.reject(new Error("no node can be asked")) },
  } as unknown as Parameters<typeof servePeerMetrics>[0];
  const heard: unknown[] = [];
  const answer: sendUnaryData<PeerMetricsReply> = (error) => heard.push(error);
  await servePeerMetrics(nodes, call, answer);
  expect(heard).toMatchObject([{ details: "no node can be asked" }]);
});
