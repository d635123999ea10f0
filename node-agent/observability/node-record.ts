import type { Registry } from "prom-client";
import type { Pod } from "#api/schema/types";
import { renderMetrics } from "#kit/metrics";
import { createProcessMetrics } from "#kit/process-metrics";
import { objectSpans, SpanRing, type Spans } from "#kit/trace";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { type AgentMetrics, createAgentMetrics } from "#node-agent/observability/agent-metrics";
import type { AgentStream } from "#node-agent/session/types";
import { success } from "#node-agent/streams/status";

/** What this agent keeps of its own work, for whoever asks: counts, and spans by the pods' uids. */
export interface NodeRecord {
  readonly metrics: AgentMetrics;
  readonly spans: Spans;
  /** Runs one step of a pod's life and notes how long it took and whether it failed. */
  step<T>(
    component: "agent" | "runtime",
    name: string,
    pod: Pod,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Serves "/metrics" and "/spans?uid=A,B"; throws for any other path. */
  serve(path: string, stream: Pick<AgentStream, "send">): Promise<void>;
}

export function createNodeRecord(): NodeRecord {
  const metrics = createAgentMetrics();
  const ring = new SpanRing();
  const spans = objectSpans(ring);
  const registries = [createProcessMetrics(), metrics.registry];
  return {
    metrics,
    spans,
    async step(component, name, pod, work) {
      const object = `pods ${namespaceOf(pod)}/${pod.metadata.name}`;
      const end = spans.begin(component, name, uidOf(pod), object);
      try {
        const result = await work();
        end();
        return result;
      } catch (error) {
        end({ failed: true });
        throw error;
      }
    },
    async serve(path, stream) {
      const text = await answerTo(path, ring, registries);
      await stream.send({ type: "data", channel: 1, bytes: Buffer.from(text) });
      await stream.send({ type: "status", status: success });
    },
  };
}

/** Spans of one answer: the newest. */
const MAX_SPANS_TOLD = 4_096;

async function answerTo(
  path: string,
  ring: SpanRing,
  registries: readonly Registry[],
): Promise<string> {
  if (path === "/metrics") return renderMetrics(registries);
  const [name, query] = path.split("?");
  if (name !== "/spans") throw new Error(`this agent says nothing at ${path}`);
  const uids = new Set(new URLSearchParams(query).get("uid")?.split(","));
  const told = [];
  for (const span of ring.newest()) {
    if (uids.has(span.uid) && told.push(span) === MAX_SPANS_TOLD) break;
  }
  return JSON.stringify(told);
}
