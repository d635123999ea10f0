import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import { type Action, type EventTemplate, targetOf } from "#control-plane/controllers/controller";
import type { FoundTarget } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import {
  FIRST_REPORT_MS,
  isComplaint,
  statementsOf,
} from "#control-plane/controllers/request-autoscaler/conditions";
import {
  decide,
  type Decision,
  windowOf,
} from "#control-plane/controllers/request-autoscaler/decide";
import {
  absorb,
  type History,
  meanConcurrency,
  meanRate,
} from "#control-plane/controllers/request-autoscaler/history";
import {
  askFirst,
  PATIENCE_MS,
  type Silence,
} from "#control-plane/controllers/request-autoscaler/question";
import type {
  RequestInput,
  RequestMemory,
} from "#control-plane/controllers/request-autoscaler/state";
import {
  say,
  SHOW_EVERY_MS,
  type Statement,
  type Status,
  writeStatus,
} from "#control-plane/controllers/request-autoscaler/status";
import { isRemembered } from "#control-plane/controllers/tenant/workloads";
import { toTime } from "#kit/clock";

/** A window is looked at in so many parts when it is about what was wanted in it. */
const WANTED_PARTS = 60;
/** Nothing but the answer of an ingress matters: it comes by itself. */
const SILENT_LOOK_MS = 20_000;

/** What one look comes to, before any of it is done. */
interface Look {
  readonly spec: RequestAutoscaler["spec"];
  readonly history: History;
  /** No ingress reports: there is nothing to go by. */
  readonly isBlind: boolean;
  readonly decision: Decision;
  /** The decision, or the present number where it may not be carried out (yet). */
  readonly replicas: number;
  readonly silence: Silence;
  readonly statements: readonly Statement[];
}

export function planRequests(input: RequestInput, nowMs: number, memory?: RequestMemory): Action[] {
  const { autoscaler, target } = input;
  const known = memory?.uid === autoscaler.metadata.uid ? memory : undefined;
  if (target.type === "missing") {
    const missing = say("AbleToScale", false, "FailedGetScale", target.problem);
    return writeStatus(autoscaler, {}, [missing], nowMs, true);
  }
  const look = lookAt(input, target, known, nowMs);
  const isFigureDue = !known || nowMs - known.shownMs >= SHOW_EVERY_MS;
  const isRescaled = look.replicas !== target.replicas;
  const told = look.statements.filter(isComplaint);
  const news = told.filter(({ reason }) => !known?.told.includes(reason));
  const status = statusOf(look, target, isRescaled, nowMs);
  return [
    ...(isRescaled ? [rescale(autoscaler, target, look)] : []),
    ...writeStatus(autoscaler, status, look.statements, nowMs, isFigureDue || isRescaled),
    // After a restart, what the conditions say already has been told.
    ...(known ? news : news.filter((one) => !isSaid(autoscaler, one))).map(
      ({ reason, message }): Action => {
        return { type: "event", event: event(autoscaler, "Warning", reason, message) };
      },
    ),
    remember(autoscaler, look, known, nowMs, isFigureDue ? nowMs : known.shownMs),
    ...again(look),
  ];
}

function lookAt(
  input: RequestInput,
  target: FoundTarget,
  known: RequestMemory | undefined,
  nowMs: number,
): Look {
  const { autoscaler, reports, ready, rivals } = input;
  const { spec } = autoscaler;
  const windowMs = windowOf(spec);
  const history = absorb(known?.history, reports, { nowMs, windowMs });
  const sources = [...history.sources.values()];
  const sum = (valueOf: (one: (typeof sources)[number]) => number): number =>
    sources.reduce((all, one) => all + valueOf(one), 0);
  const mean = spec.target?.metric === "RequestsPerSecond" ? meanRate : meanConcurrency;
  const decision = decide({
    ...{ spec, replicas: target.replicas, ready, nowMs },
    stable: mean(history, windowMs, nowMs),
    panic: mean(history, (spec.panicWindowSeconds ?? 6) * 1000, nowMs),
    waiting: sum(({ waiting }) => waiting),
    inFlight: sum(({ inFlight }) => inFlight),
    idleMs: nowMs - lastSignOfLife(autoscaler, history),
    wanted: known?.wanted ?? [],
    panicMs: known ? known.panicMs : timeOf(autoscaler.status?.panicTime),
    sinceMs: history.sinceMs,
  });
  const isFewer = decision.replicas < target.replicas && target.replicas <= spec.maxReplicas;
  const silence = isFewer ? askFirst(autoscaler, sources, nowMs) : answered;
  const isBlind = sources.length === 0 && target.replicas >= (spec.minReplicas ?? 0);
  const isRivalled = rivals.length > 0 && target.replicas > 0;
  // Its tenant is suspended, and has stopped it.
  const isStopped = isRemembered(target);
  const isHeld = isBlind || isRivalled || isStopped || silence.type !== "none";
  const replicas = isHeld ? target.replicas : decision.replicas;
  const statements = statementsOf(input, decision, silence, target, nowMs);
  return { spec, history, isBlind, decision, replicas, silence, statements };
}

const answered: Silence = { type: "none" };

/** The last request that is known of; before the first, the last change of replicas, or the beginning. */
function lastSignOfLife({ metadata, status }: RequestAutoscaler, { sources }: History): number {
  const times = [...sources.values()].map(({ lastRequestMs }) => lastRequestMs);
  const written = [status?.lastRequestTime, status?.lastScaleTime, metadata.creationTimestamp];
  return Math.max(0, ...[...times, ...written.map(timeOf)].map((time) => time ?? 0));
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text) || undefined;
}

/** Only the scale that was looked at is changed: whoever else scaled meanwhile is seen at the next look. */
function rescale(autoscaler: RequestAutoscaler, target: FoundTarget, look: Look): Action {
  const { resourceVersion } = target.object.metadata;
  const message = `New size: ${look.replicas}; reason: ${look.decision.why}`;
  return {
    type: "patch",
    kind: target.kind,
    target: targetOf(target.object),
    subresource: "scale",
    body: { metadata: { resourceVersion }, spec: { replicas: look.replicas } },
    event: {
      ...event(autoscaler, "Normal", "SuccessfulRescale", message),
      failure: { reason: "FailedRescale", message: `${message}; error: %ERROR%` },
    },
  };
}

function statusOf(
  { history, decision, replicas, silence, spec }: Look,
  target: FoundTarget,
  isRescaled: boolean,
  nowMs: number,
): Omit<Status, "conditions"> {
  const windowMs = windowOf(spec);
  const times = [...history.sources.values()].flatMap(({ lastRequestMs }) => lastRequestMs ?? []);
  return {
    currentReplicas: target.replicas,
    desiredReplicas: replicas,
    observedConcurrency: shown(meanConcurrency(history, windowMs, nowMs)),
    observedRequestsPerSecond: shown(meanRate(history, windowMs, nowMs)),
    ...(times.length > 0 ? { lastRequestTime: toTime(Math.max(...times)) } : {}),
    ...(decision.panicMs === undefined ? {} : { panicTime: toTime(decision.panicMs) }),
    ...(isRescaled ? { lastScaleTime: toTime(nowMs) } : {}),
    ...(silence.type === "ask" ? { question: silence.question } : {}),
  };
}

function shown(amount: number): string {
  return `${Math.round(amount * 10) / 10}`;
}

/** Invariant: what no window reaches any more is forgotten; within it as many values are kept as it has parts. */
function remember(
  { metadata, spec }: RequestAutoscaler,
  { history, decision, statements }: Look,
  known: RequestMemory | undefined,
  nowMs: number,
  shownMs: number,
): Action {
  const windowMs = windowOf(spec);
  const { wanted } = decision;
  const kept = (known?.wanted ?? []).filter(({ atMs }) => atMs > nowMs - windowMs);
  const last = kept.at(-1);
  const isPartOfLast = last && nowMs - last.atMs < windowMs / WANTED_PARTS;
  const merged = last && { ...last, replicas: Math.max(last.replicas, wanted.replicas) };
  const memory: RequestMemory = {
    uid: metadata.uid,
    history,
    wanted: isPartOfLast && merged ? [...kept.slice(0, -1), merged] : [...kept, wanted],
    panicMs: decision.panicMs,
    shownMs,
    told: statements.filter(isComplaint).map(({ reason }) => reason),
  };
  return { type: "remember", memory };
}

function again({ decision, silence, isBlind, statements }: Look): Action[] {
  if (silence.type === "ask") return [{ type: "requeue", afterMs: PATIENCE_MS + 1 }];
  if (silence.type === "asked") return [{ type: "requeue", afterMs: SILENT_LOOK_MS }];
  const isFirstAwaited = statements.some(({ reason }) => reason === "FirstReportAwaited");
  if (isFirstAwaited) return [{ type: "requeue", afterMs: FIRST_REPORT_MS }];
  if (isBlind || decision.againMs === undefined) return [];
  return [{ type: "requeue", afterMs: decision.againMs }];
}

function isSaid({ status }: RequestAutoscaler, { type, reason }: Statement): boolean {
  return status?.conditions?.some((one) => one.type === type && one.reason === reason) ?? false;
}

function event(
  about: RequestAutoscaler,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): EventTemplate {
  return { about, type, reason, message };
}
