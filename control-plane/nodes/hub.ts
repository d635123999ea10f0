import { status } from "@grpc/grpc-js";
import { leaseKind } from "#api/kinds/lease";
import type { Node } from "#api/schema/types";
import type { NodeStream, NodeStreams } from "#control-plane/apiserver/node-streams";
import {
  type AgentSession,
  heartbeatIntervalMs,
  openAgentSession,
  type SessionCall,
} from "#control-plane/nodes/agent-session";
import type { Assignments } from "#control-plane/nodes/assignments";
import { CertificateRequests } from "#control-plane/nodes/certificate-requests";
import { createDesiredSource, type DesiredSource } from "#control-plane/nodes/desired-source";
import { MetricsBoard, statsWantedMs } from "#control-plane/nodes/metrics-board";
import { gatewayOf } from "#control-plane/nodes/node-lease";
import { createNodeReports } from "#control-plane/nodes/node-reports";
import { toOpenStream } from "#control-plane/nodes/open-stream";
import { createPeerTable } from "#control-plane/nodes/peer-table";
import { PolicyTables } from "#control-plane/nodes/policy-tables";
import { createRegistration, type Registration } from "#control-plane/nodes/registration";
import { createReports, type Reports, type Sender } from "#control-plane/nodes/reports";
import { createServerList } from "#control-plane/nodes/server-list";
import { createServiceTable } from "#control-plane/nodes/service-table";
import {
  createStreamBroker,
  notConnected,
  type StreamBroker,
  type StreamCall,
} from "#control-plane/nodes/stream-broker";
import { type GatewayObserving, unobserved } from "#control-plane/nodes/metrics";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";
import type { ServerDirectory } from "#control-plane/servers/types";
import type { VersionedTable } from "#control-plane/nodes/versioned-table";
import { errorChain } from "#kit/log";
import {
  type AgentMessage,
  fromJson,
  type OpenStream,
  type ServerMessage,
  type Welcome,
} from "#proto/agent";

interface ConnectedNode extends Sender {
  readonly session: AgentSession;
}

function statsWanted(forMs: number): ServerMessage {
  return { message: "statsWanted", statsWanted: { forMs } };
}

/**
 * The nodes that are connected to this process: who they are, what they must be told, where their word goes.
 *
 * Invariants: at most one session per node, the newest; nothing of a node is admitted before its Hello is
 * registered, and only under the name that its certificate has.
 */
export class Hub {
  readonly nodeStreams: NodeStreams = {
    open: (nodeName, request) => this.openHere(nodeName, toOpenStream(request)),
    nodeMetrics: () => this.metrics.nodes(),
    podMetrics: () => this.metrics.pods(),
    metricsArrival: () => this.metrics.arrival(),
    measureOnce: () => this.metrics.once(),
  };
  private readonly connected = new Map<string, ConnectedNode>();
  private readonly options: NodeGatewayOptions;
  private readonly source: DesiredSource;
  private readonly tables: VersionedTable[];
  private readonly policies: PolicyTables;
  private readonly registration: Registration;
  private readonly streams: StreamBroker;
  private readonly metrics: MetricsBoard;
  private readonly reports: Reports;
  private readonly certificates: CertificateRequests;
  private readonly observing: GatewayObserving;
  /** Of this server; undefined while nobody else needs it. */
  private gatewayAddress: string | undefined;

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
    const touch = (): void => this.everySession((session) => session.touchTables());
    this.tables = [
      createServiceTable(informers.services, informers.endpointSlices, touch),
      createPeerTable(informers.nodes, clock, touch),
    ];
    const { dnsIp } = options.network;
    this.policies = new PolicyTables(informers, this.source.assignments, dnsIp, touch);
    this.observing = options.observing ?? unobserved;
    this.observing.metrics.readConnected(() => this.connected.size);
    this.registration = createRegistration(client, informers.nodes, options.network.podCidr);
    this.streams = createStreamBroker(clock);
    this.metrics = new MetricsBoard(clock, (forMs) =>
      this.everySession((session) => session.send(statsWanted(forMs))),
    );
    const { metrics, streams } = this;
    const { assignments, leavingVolumes } = this.source;
    const sources = { assignments, leavingVolumes, metrics, streams };
    const hasMoved = this.hasMoved.bind(this);
    this.reports = createReports({ ...options, ...sources, hasMoved });
    const { log, signCsr, tls } = options;
    this.certificates = new CertificateRequests({ signCsr, caPem: tls.ca, clock, log });
  }

  /** Which pods are bound to which node. */
  get assignments(): Assignments {
    return this.source.assignments;
  }

  /** From now on nodes are told of the servers, and their leases say that they are connected to this one. */
  joinServers(servers: ServerDirectory): void {
    this.gatewayAddress = servers.self.gatewayAddress;
    const touch = (): void => this.everySession((session) => session.touchTables());
    this.tables.push(createServerList(servers, touch));
    for (const { reports } of this.connected.values()) reports.heartbeat();
    touch();
  }

  /** Throws StatusError when the node is not connected to this process. */
  async openHere(nodeName: string, open: OpenStream): Promise<NodeStream> {
    const node = this.connected.get(nodeName);
    if (!node) throw notConnected(nodeName);
    return this.streams.open(nodeName, open, (message) => node.session.send(message));
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

  isConnected(nodeName: string): boolean {
    return this.connected.has(nodeName);
  }

  async close(): Promise<void> {
    this.everySession((session) => session.close("the control plane is stopping"));
    this.source.close();
    await this.reports.close();
  }

  /**
   * A server that was frozen has reports that a node has made newer elsewhere since. While the node is connected here
   * that is only asked when there is a reason.
   */
  private async hasMoved(nodeName: string, isSuspicious: boolean): Promise<boolean> {
    const { gatewayAddress } = this;
    if (gatewayAddress === undefined) return false;
    if (this.connected.has(nodeName) && !isSuspicious) return false;
    const holder = await gatewayOf(this.options.client, nodeName);
    return holder !== undefined && holder !== gatewayAddress;
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
      // What was on its way when the session ended: the node says it again where it is now.
      if (this.connected.get(nodeName) !== entered) return;
      entered.session.heard();
      this.observing.metrics.received(message.message ?? "unknown");
      try {
        this.reports.receive(nodeName, entered, message);
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
      tables: this.tables,
      policies: this.policies,
      clock,
      observing: this.observing,
      onClose: (why) => this.leave(nodeName, session, why),
    });
    const reports = createNodeReports({
      client,
      clock,
      log,
      nodeKind: informers.nodes.kind,
      leaseKind,
      node,
      gatewayAddress: () => this.gatewayAddress,
      findNode: () => informers.nodes.get(nodeName),
      onDeleted: () => session.close("its Node object was deleted"),
    });
    const send: AgentSession["send"] = (message) => session.send(message);
    const entered: ConnectedNode = {
      session,
      reports,
      requestCertificate: (csrPem) => void this.certificates.answer(nodeName, csrPem, send),
    };
    this.connected.set(nodeName, entered);
    if (this.metrics.isAsked()) session.send(statsWanted(statsWantedMs));
    log.info("a node has connected", { node: nodeName });
    return entered;
  }

  private leave(nodeName: string, session: AgentSession, why: string): void {
    if (this.connected.get(nodeName)?.session !== session) return;
    this.connected.delete(nodeName);
    this.streams.disconnected(nodeName);
    this.source.disconnected(nodeName);
    this.metrics.drop(nodeName);
    this.certificates.forget(nodeName);
    this.options.log.info("a node has disconnected", { node: nodeName, why });
  }

  private everySession(visit: (session: AgentSession) => void): void {
    for (const { session } of this.connected.values()) visit(session);
  }
}

function welcomeOf(options: NodeGatewayOptions, node: Node): Welcome {
  const { network, serverVersion } = options;
  return {
    serverVersion,
    clusterDomain: network.clusterDomain,
    podCidr: node.spec?.podCIDR ?? "",
    clusterPodCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    dnsIp: network.dnsIp,
    nodeUid: node.metadata.uid ?? "",
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? heartbeatIntervalMs,
  };
}
