import type {
  Measured,
  NodeStream,
  NodeStreams,
  StreamRequest,
} from "#control-plane/apiserver/node-streams";
import type { Hub } from "#control-plane/nodes/hub";
import { toOpenStream } from "#control-plane/nodes/open-stream";
import type { PeerRelay } from "#control-plane/nodes/peer-relay";
import type { OpenStream } from "#proto/agent";

/** The nodes of the whole cluster: those that are connected here, and the others by the server that has them. */
export class RelayedStreams implements NodeStreams {
  private readonly hub: Hub;
  private relay: PeerRelay | undefined;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  relayBy(relay: PeerRelay): void {
    this.relay = relay;
  }

  async open(nodeName: string, request: StreamRequest): Promise<NodeStream> {
    return this.openOn(nodeName, toOpenStream(request));
  }

  /** What is no user's wish. */
  async openOn(nodeName: string, open: OpenStream): Promise<NodeStream> {
    if (this.relay && !this.hub.isConnected(nodeName)) return this.relay.open(nodeName, open);
    return this.hub.openHere(nodeName, open);
  }

  nodeMetrics(): readonly unknown[] {
    return [...this.hub.nodeStreams.nodeMetrics(), ...(this.relay?.nodeMetrics() ?? [])];
  }

  podMetrics(): readonly unknown[] {
    return [...this.hub.nodeStreams.podMetrics(), ...(this.relay?.podMetrics() ?? [])];
  }

  async refreshMetrics(): Promise<void> {
    await this.relay?.refreshMetrics();
  }

  async measureOnce(): Promise<Measured> {
    const [own, others] = await Promise.all([
      this.hub.nodeStreams.measureOnce?.(),
      this.relay?.measureOnce(),
    ]);
    return {
      nodes: [...(own?.nodes ?? []), ...(others?.nodes ?? [])],
      pods: [...(own?.pods ?? []), ...(others?.pods ?? [])],
    };
  }

  async metricsArrival(): Promise<void> {
    await this.hub.nodeStreams.metricsArrival?.();
    await this.refreshMetrics();
  }
}
