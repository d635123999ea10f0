import type { HorizontalPodAutoscaler } from "#api/schema/types";
import { type Action, type EventTemplate, targetOf } from "#control-plane/controllers/controller";
import { windowsOf } from "#control-plane/controllers/horizontal-pod-autoscaler/stabilize";
import {
  type AutoscalerInput,
  type AutoscalerMemory,
  dueInMs,
  memoryOf,
  SYNC_PERIOD_MS,
  textOf,
} from "#control-plane/controllers/horizontal-pod-autoscaler/state";
import { writeStatus } from "#control-plane/controllers/horizontal-pod-autoscaler/status";
import type { FoundTarget } from "#control-plane/controllers/horizontal-pod-autoscaler/target";
import {
  type Complaint,
  judge,
  say,
  type Verdict,
} from "#control-plane/controllers/horizontal-pod-autoscaler/verdict";

export function planAutoscaler(
  input: AutoscalerInput,
  nowMs: number,
  memory?: AutoscalerMemory,
): Action[] {
  const { autoscaler, target, look } = input;
  if (!look) {
    return [{ type: "requeue", afterMs: Math.max(1, dueInMs(autoscaler, memory, nowMs)) }];
  }
  const known = memoryOf(autoscaler, memory);
  const again: Action = { type: "requeue", afterMs: SYNC_PERIOD_MS };
  if (target.type === "missing") {
    const verdict = withoutTarget(target.problem);
    const next = nextMemory(autoscaler, known, verdict, 0, nowMs);
    return [remember(next), ...report(autoscaler, verdict, undefined, known, nowMs), again];
  }
  const { replicas } = target;
  // Known only since now: what there is counts as recommended, so that nothing is taken away at once.
  const remembered = known?.recommendations ?? [];
  const history = {
    recommendations: remembered.length > 0 ? remembered : [{ replicas, atMs: nowMs }],
    changes: known?.changes ?? [],
  };
  const verdict = judge({ autoscaler, target, ...look }, history, nowMs);
  const change =
    verdict.rescale === undefined ? 0 : (verdict.desiredReplicas ?? replicas) - replicas;
  const next = nextMemory(autoscaler, history, verdict, change, nowMs);
  return [
    ...scale(autoscaler, target, verdict, nowMs),
    remember(next),
    ...report(autoscaler, rescaled(verdict), target, known, nowMs),
    again,
  ];
}

function withoutTarget(problem: string): Verdict {
  const message = `the HPA controller was unable to get the target's current scale: ${problem}`;
  return {
    conditions: [say("AbleToScale", false, "FailedGetScale", message)],
    complaints: [{ reason: "FailedGetScale", message: problem }],
  };
}

function remember(memory: AutoscalerMemory): Action {
  return { type: "remember", memory };
}

type History = Partial<Pick<AutoscalerMemory, "recommendations" | "changes">>;

/** Invariant: what no window and no policy can ask for any more is forgotten. */
function nextMemory(
  autoscaler: HorizontalPodAutoscaler,
  { recommendations = [], changes = [] }: History = {},
  { recommended, complaints }: Verdict,
  change: number,
  nowMs: number,
): AutoscalerMemory {
  const { upMs, downMs } = windowsOf(autoscaler);
  const { scaleUp, scaleDown } = autoscaler.spec.behavior ?? {};
  const policies = [...(scaleUp?.policies ?? []), ...(scaleDown?.policies ?? [])];
  const longestMs = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds * 1000));
  const since = <T extends { readonly atMs: number }>(all: readonly T[], ms: number): T[] =>
    all.filter(({ atMs }) => atMs > nowMs - ms);
  return {
    uid: autoscaler.metadata.uid,
    specText: textOf(autoscaler),
    dueMs: nowMs + SYNC_PERIOD_MS,
    recommendations: [
      ...since(recommendations, Math.max(upMs, downMs)),
      ...(recommended ? [recommended] : []),
    ],
    changes: [...since(changes, longestMs), ...(change === 0 ? [] : [{ change, atMs: nowMs }])],
    told: complaints.map(textOfComplaint),
  };
}

function textOfComplaint({ reason, message }: Complaint): string {
  return `${reason}: ${message}`;
}

/** Only the scale that was looked at is changed: whoever else scaled meanwhile is seen at the next look. */
function scale(
  autoscaler: HorizontalPodAutoscaler,
  target: FoundTarget,
  verdict: Verdict,
  nowMs: number,
): Action[] {
  const { rescale, desiredReplicas } = verdict;
  if (rescale === undefined) return [];
  const { resourceVersion } = target.object.metadata;
  const message = `New size: ${desiredReplicas}; reason: ${rescale}`;
  const failed = (error: string): Verdict => {
    const said = `the HPA controller was unable to update the target scale: ${error}`;
    const conditions = [
      ...verdict.conditions,
      say("AbleToScale", false, "FailedUpdateScale", said),
    ];
    const { desiredReplicas: _, rescale: __, ...rest } = verdict;
    return { ...rest, conditions };
  };
  return [
    {
      type: "patch",
      kind: target.kind,
      target: targetOf(target.object),
      subresource: "scale",
      body: { metadata: { resourceVersion }, spec: { replicas: desiredReplicas } },
      event: {
        ...event(autoscaler, "Normal", "SuccessfulRescale", message),
        failure: { reason: "FailedRescale", message: `${message}; error: %ERROR%` },
      },
      onFailure: (error) => writeStatus(autoscaler, failed(error), target, nowMs),
    },
  ];
}

function rescaled(verdict: Verdict): Verdict {
  if (verdict.rescale === undefined) return verdict;
  const message = `the HPA controller was able to update the target scale to ${verdict.desiredReplicas}`;
  const done = say("AbleToScale", true, "SucceededRescale", message);
  return { ...verdict, conditions: [...verdict.conditions, done] };
}

/** The status where it differs, and every complaint that was not told at the last look. */
function report(
  autoscaler: HorizontalPodAutoscaler,
  verdict: Verdict,
  target: FoundTarget | undefined,
  memory: AutoscalerMemory | undefined,
  nowMs: number,
): Action[] {
  const changes = writeStatus(autoscaler, verdict, target, nowMs);
  // After a restart, what the status says already has been told.
  const news = verdict.complaints.filter((complaint) =>
    memory ? !memory.told.includes(textOfComplaint(complaint)) : changes.length > 0,
  );
  return [
    ...changes,
    ...news.map(({ reason, message }): Action => {
      return { type: "event", event: event(autoscaler, "Warning", reason, message) };
    }),
  ];
}

function event(
  about: HorizontalPodAutoscaler,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): EventTemplate {
  return { about, type, reason, message };
}
