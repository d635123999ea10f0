import { eventKind } from "#api/kinds/event";
import type { Event, NodeStatus, PodStatus } from "#api/schema/types";
import type { Assignments } from "#control-plane/nodes/assignments";
import { createEventReports } from "#control-plane/nodes/event-reports";
import type { MetricsBoard } from "#control-plane/nodes/metrics-board";
import type { NodeReports } from "#control-plane/nodes/node-reports";
import { isOwnObject, ownMetrics } from "#control-plane/nodes/own-objects";
import { createPodReports } from "#control-plane/nodes/pod-reports";
import type { StreamBroker } from "#control-plane/nodes/stream-broker";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";
import { type AgentMessage, fromJson } from "#proto/agent";

export interface Reports {
  /** Throws when the message cannot be read. */
  receive(nodeName: string, node: NodeReports, message: AgentMessage): void;
  close(): Promise<void>;
}

export interface ReportsOptions extends NodeGatewayOptions {
  readonly assignments: Assignments;
  readonly streams: StreamBroker;
  readonly metrics: MetricsBoard;
}

/** Where each kind of message from an agent goes. An agent speaks only for its node and the pods bound to it. */
export function createReports(options: ReportsOptions): Reports {
  const { assignments, client, clock, informers, log, metrics, streams } = options;
  const writing = { client, clock, log };
  const pods = createPodReports({ ...writing, kind: informers.pods.kind, assignments });
  const events = createEventReports({
    ...writing,
    kind: eventKind,
    isAllowed: (nodeName, object) => isOwnObject(nodeName, assignments, object),
  });
  return {
    receive(nodeName, node, message) {
      switch (message.message) {
        case "heartbeat":
          return node.heartbeat();
        case "node":
          return node.report(fromJson<NodeStatus>(message.node.statusJson));
        case "pod": {
          const { uid = "", statusJson } = message.pod;
          return pods.report(nodeName, uid, fromJson<PodStatus>(statusJson));
        }
        case "podGone":
          return pods.gone(nodeName, message.podGone.uid ?? "");
        case "event":
          return events.report(nodeName, fromJson<Event>(message.event.eventJson));
        case "streamRefused": {
          const { streamId = "", message: why = "" } = message.streamRefused;
          return streams.refused(nodeName, streamId, why);
        }
        case "stats": {
          const { nodeMetricsJson, podMetricsJson = [] } = message.stats;
          const reported = {
            node: fromJson<unknown>(nodeMetricsJson),
            pods: podMetricsJson.map((json) => fromJson<unknown>(json)),
          };
          return metrics.put(
            nodeName,
            ownMetrics(nodeName, assignments.podsOf(nodeName), reported),
          );
        }
        case "hello":
          throw new Error("Hello comes once");
        case undefined:
          // A newer agent's message: ignored, as protobuf means it.
          return;
      }
    },
    async close() {
      pods.close();
      await events.close();
    },
  };
}
