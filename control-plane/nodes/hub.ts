import { status } from "@grpc/grpc-js";
import { leaseKind } from "#api/kinds/lease";
import type { Node } from "#api/schema/types";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import {
  type AgentSession,
  heartbeatIntervalMs,
  openAgentSession,
  type SessionCall,
} from "#control-plane/nodes/agent-session";
import { createDesiredSource, type DesiredSource } from "#control-plane/nodes/desired-source";
import { MetricsBoard, statsWantedMs } from "#control-plane/nodes/metrics-board";
import { createNodeReports, type NodeReports } from "#control-plane/nodes/node-reports";
import { createRegistration, type Registration } from "#control-plane/nodes/registration";
import { createReports, type Reports } from "#control-plane/nodes/reports";
import { ServiceLog } from "#control-plane/nodes/service-table";
import {
  createStreamBroker,
  notConnected,
  type StreamBroker,
  type StreamCall,
} from "#control-plane/nodes/stream-broker";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";
import { errorChain } from "#kit/log";
import { type AgentMessage, fromJson, type ServerMessage, type Welcome } from "#proto/agent";

interface ConnectedNode {
  readonly session: AgentSession;
  readonly reports: NodeReports;
}

const statsWanted: ServerMessage = {
  message: "statsWanted",
  statsWanted: { forMs: statsWantedMs },
};

/**
 * The nodes that are connected to this process: who they are, what they must be told, where their word goes.
 *
 * Invariants: at most one session per node, the newest; nothing of a node is admitted before its Hello is
 * registered, and only under the name that its certificate has.
 */
export class Hub {
  readonly nodeStreams: NodeStreams = {
    open: async (nodeName, request) => {
      const node = this.connected.get(nodeName);
      if (!node) throw notConnected(nodeName);
      return this.streams.open(nodeName, request, (message) => node.session.send(message));
    },
    nodeMetrics: () => this.metrics.nodes(),
    podMetrics: () => this.metrics.pods(),
    metricsArrival: () => this.metrics.arrival(),
  };
  private readonly connected = new Map<string, ConnectedNode>();
  private readonly options: NodeGatewayOptions;
  private readonly source: DesiredSource;
  private readonly services: ServiceLog;
  private readonly registration: Registration;
  private readonly streams: StreamBroker;
  private readonly metrics: MetricsBoard;
  private readonly reports: Reports;

  constructor(options: NodeGatewayOptions) {
    const { client, clock, informers } = options;
    this.options = options;
    this.source = createDesiredSource(options, {
      isConnected: (nodeName) => this.connected.has(nodeName),
      node: (nodeName) => this.connected.get(nodeName)?.session.touchDesired(),
      object: (key) =>
        this.everySession((session) => {
          if (session.hasObject(key)) session.touchDesired();
        }),
    });
    this.services = new ServiceLog(informers.services, informers.endpointSlices, () =>
      this.everySession((session) => session.touchServices()),
    );
    this.registration = createRegistration(client, informers.nodes, options.network.podCidr);
    this.streams = createStreamBroker(clock);
    this.metrics = new MetricsBoard(clock, () =>
      this.everySession((session) => session.send(statsWanted)),
    );
    const { metrics, streams } = this;
    const { assignments } = this.source;
    this.reports = createReports({ ...options, assignments, metrics, streams });
  }

  /** The first message of a session, of the node that its certificate names. */
  join(nodeName: string, call: SessionCall, first: AgentMessage): void {
    call.pause();
    this.admit(nodeName, call, first).then(
      () => call.resume(),
      (error: unknown) => {
        const details = errorChain(error);
        this.options.log.warn("a node was refused", { node: nodeName, why: details });
        call.emit("error", { code: status.FAILED_PRECONDITION, details });
      },
    );
  }

  acceptStream(nodeName: string, streamId: string, call: StreamCall): void {
    this.streams.accept(nodeName, streamId, call);
  }

  async close(): Promise<void> {
    this.everySession((session) => session.close("the control plane is stopping"));
    this.source.close();
    await this.reports.close();
  }

  private async admit(nodeName: string, call: SessionCall, first: AgentMessage): Promise<void> {
    if (first.message !== "hello") throw new Error("the first message must be Hello");
    if (first.hello.nodeName !== nodeName) {
      throw new Error(`the certificate is of node ${nodeName}, not of ${first.hello.nodeName}`);
    }
    const offered = fromJson<Node>(first.hello.nodeJson);
    const node = await this.registration.register(nodeName, offered);
    if (call.cancelled) return;
    const entered = this.enter(nodeName, call, node);
    if (offered.status) entered.reports.report(offered.status);
    call.on("data", (message: AgentMessage) => {
      entered.session.heard();
      try {
        this.reports.receive(nodeName, entered.reports, message);
      } catch (error) {
        entered.session.close(`the agent sent what cannot be read: ${errorChain(error)}`);
      }
    });
  }

  private enter(nodeName: string, call: SessionCall, node: Node): ConnectedNode {
    const { client, clock, informers, log } = this.options;
    this.connected.get(nodeName)?.session.close("the node has connected again");
    this.source.connected(nodeName);
    const session = openAgentSession({
      nodeName,
      call,
      welcome: welcomeOf(this.options, node),
      inputs: this.source.inputs,
      services: this.services,
      clock,
      onClose: (why) => this.leave(nodeName, session, why),
    });
    const reports = createNodeReports({
      client,
      clock,
      log,
      nodeKind: informers.nodes.kind,
      leaseKind,
      node,
      findNode: () => informers.nodes.get(nodeName),
      onDeleted: () => session.close("its Node object was deleted"),
    });
    const entered: ConnectedNode = { session, reports };
    this.connected.set(nodeName, entered);
    if (this.metrics.isAsked()) session.send(statsWanted);
    log.info("a node has connected", { node: nodeName });
    return entered;
  }

  private leave(nodeName: string, session: AgentSession, why: string): void {
    if (this.connected.get(nodeName)?.session !== session) return;
    this.connected.delete(nodeName);
    this.streams.disconnected(nodeName);
    this.source.disconnected(nodeName);
    this.metrics.drop(nodeName);
    this.options.log.info("a node has disconnected", { node: nodeName, why });
  }

  private everySession(visit: (session: AgentSession) => void): void {
    for (const { session } of this.connected.values()) visit(session);
  }
}

function welcomeOf({ network, serverVersion }: NodeGatewayOptions, node: Node): Welcome {
  return {
    serverVersion,
    clusterDomain: network.clusterDomain,
    podCidr: node.spec?.podCIDR ?? "",
    clusterPodCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    dnsIp: network.dnsIp,
    nodeUid: node.metadata.uid ?? "",
    heartbeatIntervalMs,
  };
}
