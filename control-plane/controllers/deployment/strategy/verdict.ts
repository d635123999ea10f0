import type { Tolerance } from "#api/kinds/deployment-strategy";
import type { ContainerStatus, Pod } from "#api/schema/types";
import type { Measured } from "#control-plane/controllers/deployment/strategy/measure";

/** Whether a new version is worse than the old one, as a sentence with figures; undefined: it is not. */
export interface Comparison {
  readonly fresh: Measured;
  readonly old: Measured;
}

/** Fewer failures than these are chance. */
const MIN_FAILED = 3;
/** A percentile of few requests is chance: so many times minRequests are needed of each version. */
const LATENCY_NEEDS = 5;

export function judgeRequests(
  { fresh, old }: Comparison,
  tolerance: Tolerance,
): string | undefined {
  if (fresh.requests < tolerance.minRequests) return undefined;
  return judgeErrors(fresh, old, tolerance) ?? judgeLatency(fresh, old, tolerance);
}

function judgeErrors(
  fresh: Measured,
  old: Measured,
  { errorIncrease }: Tolerance,
): string | undefined {
  const difference = errorPercent(fresh) - errorPercent(old);
  if (fresh.errors < MIN_FAILED || difference <= errorIncrease) return undefined;
  const before =
    old.requests > 0
      ? `${percent(old)} of the old version's ${count(old.requests)}`
      : "the old version was not asked meanwhile";
  return `${percent(fresh)} of ${count(fresh.requests)} requests failed, ${before}`;
}

function judgeLatency(fresh: Measured, old: Measured, tolerance: Tolerance): string | undefined {
  const { latencyIncrease, minLatencyIncreaseMs, minRequests } = tolerance;
  const needed = minRequests * LATENCY_NEEDS;
  if (old.requests < needed || fresh.requests < needed) return undefined;
  if (fresh.p95Ms === undefined || old.p95Ms === undefined) return undefined;
  const isMuch = fresh.p95Ms - old.p95Ms >= minLatencyIncreaseMs;
  if (!isMuch || fresh.p95Ms <= old.p95Ms * (1 + latencyIncrease / 100)) return undefined;
  return `95 % of ${count(fresh.requests)} requests took up to ${ms(fresh.p95Ms)}, ${ms(old.p95Ms)} with the old version's ${count(old.requests)}`;
}

/** Crashes need no requests. */
export function judgePods(pods: readonly Pod[], { maxRestarts }: Tolerance): string | undefined {
  const statuses = pods.flatMap(({ status }) => [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]);
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  if (restarts <= maxRestarts) return undefined;
  const ended = statuses
    .map(({ name, state, lastState }) => ({
      name,
      end: state?.terminated ?? lastState?.terminated,
    }))
    .findLast(({ end }) => end !== undefined);
  const last = ended
    ? `, the last time with exit code ${ended.end?.exitCode} in container ${ended.name}`
    : "";
  const times = restarts === 1 ? "once" : `${restarts} times`;
  return `its containers restarted ${times}${last} (${maxRestarts} are tolerated)`;
}

/** What keeps the first of these pods from being ready. */
export function whyNotReady(pods: readonly Pod[]): string {
  const statuses = pods.flatMap(({ status }) => [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]);
  const ended = statuses.find(({ state, lastState }) => exitCodeOf({ state, lastState }));
  if (ended) return `container ${ended.name} ended with exit code ${exitCodeOf(ended)}`;
  const waiting = statuses.find(({ state }) => state?.waiting?.reason);
  if (waiting) return `container ${waiting.name} waits: ${waiting.state?.waiting?.reason}`;
  const unscheduled = pods
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type, status }) => type === "PodScheduled" && status === "False");
  return unscheduled?.message ?? "the readiness probe does not succeed";
}

/** Of its last end that was a failure. */
function exitCodeOf({
  state,
  lastState,
}: Pick<ContainerStatus, "state" | "lastState">): number | undefined {
  return state?.terminated?.exitCode || lastState?.terminated?.exitCode || undefined;
}

export function formatMeasured({ requests, errors, p95Ms }: Measured): string {
  const latency = p95Ms === undefined ? "" : `, p95 ${ms(p95Ms)}`;
  return requests === 0
    ? "no requests"
    : `${count(requests)} requests, ${percent({ requests, errors })} failed${latency}`;
}

function errorPercent({ requests, errors }: Pick<Measured, "requests" | "errors">): number {
  return requests === 0 ? 0 : (errors * 100) / requests;
}

function percent(measured: Pick<Measured, "requests" | "errors">): string {
  return `${errorPercent(measured).toFixed(1)} %`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}
