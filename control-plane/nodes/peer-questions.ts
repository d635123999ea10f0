import type { PeerAnswer, Peers } from "#control-plane/apiserver/peers";
import type { PeerConnections } from "#control-plane/nodes/peer-connections";
import { errorChain } from "#kit/log";
import { fromJson } from "#proto/agent";
import { nodeGatewayService } from "#proto/node-gateway";

/** What a server that is slow knows is left out rather than waited for. */
const ANSWER_TIMEOUT_MS = 2_000;

/** Asks the other servers what they alone know, over the connections between gateways. */
export class PeerQuestions implements Peers {
  private readonly connections: PeerConnections;

  constructor(connections: PeerConnections) {
    this.connections = connections;
  }

  isAlone(): boolean {
    return this.connections.others().length === 0;
  }

  ask(question: string, without?: ReadonlySet<string>): Promise<readonly PeerAnswer[]> {
    const asked = this.connections.others().filter((server) => !without?.has(server));
    return Promise.all(asked.map((server) => this.askOne(server, question)));
  }

  private async askOne(server: string, question: string): Promise<PeerAnswer> {
    const { peerRead } = nodeGatewayService;
    const answered = await this.connections.unary(
      server,
      peerRead,
      { question },
      ANSWER_TIMEOUT_MS,
    );
    if ("error" in answered) return { server, error: answered.error.details };
    try {
      return { server, said: fromJson<unknown>(answered.reply.json) };
    } catch (error) {
      return { server, error: errorChain(error) };
    }
  }
}
