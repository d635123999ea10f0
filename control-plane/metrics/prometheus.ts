import { StatusError } from "#api/machinery/status-error";

/**
 * What is asked of a Prometheus: its HTTP API v1. Every question has a deadline and an answer of bounded size; what
 * fails is a 503 for whoever asked, in one sentence. Source: Prometheus, "HTTP API".
 */
export interface Prometheus {
  /** The label sets of the series that a selector finds, seen lately. */
  series(selector: string): Promise<readonly Labels[]>;
  query(promql: string): Promise<readonly Sample[]>;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

export interface PrometheusLimits {
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

const DEFAULT_LIMITS: PrometheusLimits = { timeoutMs: 5_000, maxAnswerBytes: 16 * 1024 * 1024 };
/** Series that were not seen for so long are not listed. */
const SERIES_AGE_SECONDS = 600;

/** `url`: "http://127.0.0.1:9090" or with a path before /api. */
export function connectPrometheus(
  url: string,
  nowMs: () => number,
  limits: PrometheusLimits = DEFAULT_LIMITS,
): Prometheus {
  const ask = (path: string, form: Record<string, string>): Promise<unknown> =>
    askPrometheus(`${url.replace(/\/+$/, "")}/api/v1/${path}`, new URLSearchParams(form), limits);
  return {
    async series(selector) {
      const start = String(Math.floor(nowMs() / 1000) - SERIES_AGE_SECONDS);
      const found = await ask("series", { "match[]": selector, start });
      if (!Array.isArray(found)) throw unavailable("answered without a list of series");
      return found.map(labelsOf);
    },
    async query(query) {
      const data = (await ask("query", { query })) ?? {};
      const found = data as { resultType?: unknown; result?: unknown };
      if (found.resultType !== "vector" || !Array.isArray(found.result)) {
        throw unavailable(
          `answered with a ${String(found.resultType)}, not with a vector: its rule's metricsQuery must give one`,
        );
      }
      return (found.result as unknown[]).map(sampleOf);
    },
  };
}

async function askPrometheus(
  url: string,
  body: URLSearchParams,
  { timeoutMs, maxAnswerBytes }: PrometheusLimits,
): Promise<unknown> {
  let answer: string;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: "POST", body, signal, redirect: "error" });
    answer = await readBounded(response, maxAnswerBytes);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    throw unavailable(isLate ? `did not answer within ${timeoutMs / 1000} s` : "cannot be reached");
  }
  return dataOf(answer);
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw unavailable(
        `answered with more than ${maxBytes} bytes: its rules must find fewer series`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

interface Answer {
  readonly status?: unknown;
  readonly data?: unknown;
  readonly errorType?: unknown;
  readonly error?: unknown;
}

function dataOf(text: string): unknown {
  let answer: Answer | null;
  try {
    answer = JSON.parse(text) as Answer | null;
  } catch {
    throw unavailable("answered with something that is not JSON: is it a Prometheus?");
  }
  if (typeof answer !== "object" || answer === null) throw unavailable("answered without a status");
  if (answer.status === "success") return answer.data;
  throw unavailable(
    `refused the question: ${String(answer.errorType)}: ${String(answer.error).slice(0, 500)}`,
  );
}

function labelsOf(value: unknown): Labels {
  const entries = Object.entries((value ?? {}) as object).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

function sampleOf(entry: unknown): Sample {
  const { metric, value } = (entry ?? {}) as { metric?: unknown; value?: unknown };
  const [seconds, amount] = Array.isArray(value) ? (value as unknown[]) : [];
  return {
    labels: labelsOf(metric),
    value: typeof amount === "string" ? numberOf(amount) : Number.NaN,
    timestampMs: typeof seconds === "number" ? Math.round(seconds * 1000) : 0,
  };
}

function numberOf(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

function unavailable(what: string): StatusError {
  return new StatusError(503, "ServiceUnavailable", `the configured Prometheus ${what}`);
}
