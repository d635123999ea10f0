import { errorChain, type Log } from "#kit/log";
import type { Span, SpanRing } from "#kit/trace";

/**
 * Sends spans on to a collector, by OTLP as JSON over HTTP: Jaeger, Tempo and the OpenTelemetry collector take it.
 * Nobody waits for it. At the limit, and when a request fails, spans are left out and counted.
 */
export interface SpanExport {
  readonly lost: number;
  /** Sends what is left. */
  stop(): Promise<void>;
}

const MAX_WAITING = 4_096;
const BATCH_MS = 1_000;
const TIMEOUT_MS = 5_000;

export function startSpanExport(options: {
  readonly ring: SpanRing;
  /** "http://127.0.0.1:4318/v1/traces" */
  readonly endpoint: string;
  readonly service: string;
  readonly log: Log;
}): SpanExport {
  const { ring, endpoint, service, log } = options;
  let waiting: Span[] = [];
  let lost = 0;
  let problem = "";
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const send = async (): Promise<void> => {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await post(endpoint, otlpOf(batch, service));
      if (problem !== "") log.info("spans can be sent again", { endpoint, lost });
      problem = "";
    } catch (error) {
      lost += batch.length;
      const reason = errorChain(error);
      // Once, and again when it is another: a collector that is away for a day is no news each second.
      if (reason !== problem)
        log.warn("spans could not be sent", { endpoint, lost, error: reason });
      problem = reason;
    }
  };
  const next = (): void => {
    sending = sending.then(send);
  };
  ring.onAdd = (span) => {
    if (span.traceId === "") return;
    if (waiting.length >= MAX_WAITING) lost++;
    else waiting.push(span);
    timer ??= setTimeout(next, BATCH_MS);
  };
  return {
    get lost() {
      return lost;
    },
    async stop() {
      ring.onAdd = undefined;
      clearTimeout(timer);
      next();
      await sending;
    },
  };
}

async function post(endpoint: string, body: unknown): Promise<void> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the collector answered ${response.status}`);
}

/** Source: OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding". Ids are hexadecimal there, and times are texts. */
export function otlpOf(spans: readonly Span[], service: string): unknown {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ "service.name": service }) },
        scopeSpans: [{ scope: { name: "kaji" }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

const INTERNAL_SPAN = 1;

function otlpSpan(span: Span): unknown {
  const { traceId, spanId, parentId, component, name, uid, object, fields } = span;
  return {
    traceId,
    spanId,
    ...(parentId === "" ? {} : { parentSpanId: parentId }),
    name: `${component}: ${name}`,
    kind: INTERNAL_SPAN,
    startTimeUnixNano: nanosOf(span.startMs),
    endTimeUnixNano: nanosOf(span.endMs),
    attributes: attributesOf({ ...fields, "k8s.object": object, "k8s.object.uid": uid }),
  };
}

function nanosOf(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

function attributesOf(fields: Readonly<Record<string, string | number | boolean>>): unknown[] {
  return Object.entries(fields).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { doubleValue: value },
  }));
}
