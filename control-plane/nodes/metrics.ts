import { Counter, Gauge, Registry } from "prom-client";
import { noSpans, type Spans } from "#kit/trace";

/** What the node gateway says of its work. */
export interface GatewayMetrics {
  readonly registry: Registry;
  /** Of a kind that the protocol has: "podReport", "heartbeat". */
  received(message: string): void;
  sent(message: string): void;
  /** Asked whenever the numbers are read. */
  readConnected(read: () => number): void;
}

export function createGatewayMetrics(): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const messages = new Counter({
    name: "kaji_gateway_messages_total",
    help: "Messages of the node protocol, by direction and kind.",
    labelNames: ["direction", "message"],
    registers,
  });
  let read: (() => number) | undefined;
  void new Gauge({
    name: "kaji_gateway_connected_nodes",
    help: "Nodes that are connected to this server.",
    registers,
    collect() {
      this.set(read?.() ?? 0);
    },
  });
  return {
    registry,
    received: (message) => messages.inc({ direction: "received", message }),
    sent: (message) => messages.inc({ direction: "sent", message }),
    readConnected(next) {
      read = next;
    },
  };
}

/** What is counted and traced here. */
export interface GatewayObserving {
  readonly metrics: Pick<GatewayMetrics, "received" | "sent" | "readConnected">;
  readonly spans: Spans;
}

const nothing = (): void => undefined;
export const unobserved: GatewayObserving = {
  metrics: { received: nothing, sent: nothing, readConnected: nothing },
  spans: noSpans,
};
