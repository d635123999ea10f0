import { type BackoffPolicy, backoffDelayMs } from "#kit/backoff";
import { errorChain } from "#kit/log";
import { ConfigError } from "#node-agent/objects";
import { StepError } from "#node-agent/pod/step-error";
import type { Failure } from "#node-agent/pod/view";
import { RuntimeError } from "#runtime/runtime";

/** Image pulls as Kubernetes repeats them; what is cheap to try again is tried sooner. */
const pullBackoff: BackoffPolicy = { initialMs: 10_000, factor: 2, maxMs: 300_000, jitter: 0 };
const stepBackoff: BackoffPolicy = { initialMs: 1_000, factor: 2, maxMs: 60_000, jitter: 0 };

/** What went wrong as users see it, and when to try again. */
export function toFailure(
  error: unknown,
  fallbackReason: string,
  before: Failure | undefined,
  nowMs: number,
): Failure {
  const attempts = (before?.attempts ?? 0) + 1;
  const { reason, message } = describe(error, fallbackReason);
  const policy = reason === "ErrImagePull" ? pullBackoff : stepBackoff;
  const retryAtMs = nowMs + backoffDelayMs(policy, attempts - 1);
  return { reason, message, attempts, failedAtMs: nowMs, retryAtMs };
}

function describe(error: unknown, fallback: string): { reason: string; message: string } {
  if (error instanceof StepError) return { reason: error.reason, message: error.message };
  if (error instanceof ConfigError) {
    return { reason: "CreateContainerConfigError", message: error.message };
  }
  const isOwnReason =
    error instanceof RuntimeError &&
    ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"].includes(
      error.code,
    );
  return { reason: isOwnReason ? error.code : fallback, message: errorChain(error) };
}
