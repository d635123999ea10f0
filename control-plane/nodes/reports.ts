import { eventKind } from "#api/kinds/event";
import type { Event, NodeStatus, PodStatus } from "#api/schema/types";
import type { Assignments } from "#control-plane/nodes/assignments";
import { createEventReports } from "#control-plane/nodes/event-reports";
import type { LeavingVolumes } from "#control-plane/nodes/leaving-volumes";
import type { MetricsBoard } from "#control-plane/nodes/metrics-board";
import type { NodeReports } from "#control-plane/nodes/node-reports";
import { isOwnObject, ownMetrics } from "#control-plane/nodes/own-objects";
import { createPodReports } from "#control-plane/nodes/pod-reports";
import type { StreamBroker } from "#control-plane/nodes/stream-broker";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";
import { createVolumeReports } from "#control-plane/nodes/volume-reports";
import { type AgentMessage, fromJson } from "#proto/agent";

export interface Reports {
  /** Throws when the message cannot be read. */
  receive(nodeName: string, sender: Sender, message: AgentMessage): void;
  close(): Promise<void>;
}

/** The connected node that a message is from. */
export interface Sender {
  readonly reports: NodeReports;
  requestCertificate(csrPem: string): void;
}

export interface ReportsOptions extends NodeGatewayOptions {
  readonly assignments: Assignments;
  readonly leavingVolumes: LeavingVolumes;
  readonly streams: StreamBroker;
  readonly metrics: MetricsBoard;
  hasMoved(nodeName: string, isSuspicious: boolean): Promise<boolean>;
}

/** Where each kind of message from an agent goes. An agent speaks only for its node and the pods bound to it. */
export function createReports(options: ReportsOptions): Reports {
  const { assignments, client, clock, informers, log, metrics, streams } = options;
  const writing = { client, clock, log };
  const hasMoved: ReportsOptions["hasMoved"] = (name, is) => options.hasMoved(name, is);
  const pods = createPodReports({ ...writing, kind: informers.pods.kind, assignments, hasMoved });
  const events = createEventReports({
    ...writing,
    kind: eventKind,
    isAllowed: (nodeName, object) => isOwnObject(nodeName, assignments, object),
  });
  const volumes = createVolumeReports({
    ...writing,
    kind: informers.persistentVolumes.kind,
    volumes: options.leavingVolumes,
  });
  return {
    receive(nodeName, sender, message) {
      const node = sender.reports;
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
        case "volumeRemoved": {
          const { name = "", uid = "" } = message.volumeRemoved;
          return volumes.removed(nodeName, name, uid);
        }
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
        case "certificateRequest":
          return sender.requestCertificate(message.certificateRequest.csrPem ?? "");
        case "hello":
          throw new Error("Hello comes once");
        case undefined:
          // A newer agent's message: ignored, as protobuf means it.
          return;
      }
    },
    async close() {
      pods.close();
      volumes.close();
      await events.close();
    },
  };
}
