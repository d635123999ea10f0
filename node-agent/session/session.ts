import { errorChain } from "#kit/log";
import { backoffDelayMs } from "#kit/backoff";
import { sleep } from "#kit/clock";
import { type Connection, connect } from "#node-agent/session/connection";
import { DesiredPicture } from "#node-agent/session/desired-state";
import { Outbox } from "#node-agent/session/outbox";
import { clockProblem } from "#node-agent/session/tls-time";
import type { NodeSession, NodeSessionOptions, PodRef } from "#node-agent/session/types";
import { type AgentMessage, toJson } from "#proto/agent";

/** A fleet that lost its server comes back spread over seconds: an mTLS handshake costs the server 8 ms. */
const reconnect = { initialMs: 200, factor: 2, maxMs: 15_000, jitter: 0.5 };

const maxKeepaliveMs = 10_000;

/**
 * Keeps this node connected to one of the gateways for as long as it lives. State: the outbox (what this node has to
 * say) and the picture (what is desired of it); both outlive connections, so a reconnect is a resync and
 * never a replay.
 *
 * Invariant: at most one connection at a time; a report given while disconnected is sent after the next Hello.
 */
export function createNodeSession(options: NodeSessionOptions): NodeSession {
  const { clock, gateways, log, rng } = options;
  const outbox = new Outbox();
  const picture = new DesiredPicture();
  const stop = new AbortController();
  let current: Connection | undefined;
  let keepaliveMs = maxKeepaliveMs;

  const run = async (): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      const gateway = gateways.current;
      const { signal } = stop;
      current = connect({ ...options, gateway, keepaliveMs, outbox, picture, signal });
      const end = await current.ended;
      current = undefined;
      if (signal.aborted) return;
      if (end.keepaliveMs) {
        ({ keepaliveMs } = end);
        continue;
      }
      if (end.wasWelcomed) failures = 0;
      gateways.moveOn();
      // It grows when all have been tried.
      const delayMs = backoffDelayMs(reconnect, Math.floor(failures / gateways.size), rng);
      const why = clockProblem(end.why, gateway, options.tls(), clock.now()) ?? end.why;
      log.warn("the control plane is not connected", { gateway, why, retryInMs: delayMs });
      options.callbacks.onDisconnected?.();
      await sleep(clock, delayMs, stop.signal);
    }
  };
  const running = run().catch((error: unknown) => {
    log.error("the node session stopped", { error: errorChain(error) });
    throw error;
  });

  const say = (put: () => void): void => {
    put();
    current?.wake();
  };
  const sayOfPod = (pod: PodRef, put: () => void): void => {
    if (!picture.isPodGone(pod.uid)) say(put);
  };
  return {
    reportNode: (status) =>
      say(() => outbox.setNode({ message: "node", node: { statusJson: toJson(status) } })),
    reportPod: (pod, status) =>
      sayOfPod(pod, () =>
        outbox.setPod(pod, { message: "pod", pod: { ...refOf(pod), statusJson: toJson(status) } }),
      ),
    podGone: (pod) =>
      sayOfPod(pod, () => outbox.setGone(pod, { message: "podGone", podGone: refOf(pod) })),
    volumeRemoved(name, uid) {
      const volumeRemoved = { name, uid };
      if (current?.isWelcomed())
        say(() => outbox.setPassing(`volume/${uid}`, { message: "volumeRemoved", volumeRemoved }));
    },
    reportEvent: (event) =>
      say(() => outbox.addEvent({ message: "event", event: { eventJson: toJson(event) } })),
    stats(nodeMetrics, podMetrics) {
      if (current?.isWelcomed())
        say(() => outbox.setPassing("stats", statsMessage(nodeMetrics, podMetrics)));
    },
    requestCertificate(csrPem) {
      const message: AgentMessage = {
        message: "certificateRequest",
        certificateRequest: { csrPem },
      };
      if (current?.isWelcomed()) say(() => outbox.setPassing("certificate", message));
    },
    fetchImage: async (request) => current?.fetchImage(request),
    isConnected: () => current?.isWelcomed() === true,
    async close() {
      stop.abort();
      await running;
    },
  };
}

function refOf({ namespace, name, uid }: PodRef): PodRef {
  return { namespace, name, uid };
}

function statsMessage(nodeMetrics: unknown, podMetrics: readonly unknown[]): AgentMessage {
  const podMetricsJson = podMetrics.map(toJson);
  return { message: "stats", stats: { nodeMetricsJson: toJson(nodeMetrics), podMetricsJson } };
}
