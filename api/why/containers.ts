import type { ContainerStateTerminated, ContainerStatus, Event, Pod } from "#api/schema/types";
import { newest, type PodStory } from "#api/why/story";

/** One line per container that is not as it should be, and the last restart of those that are. */
export function containerLines({ pod, events }: PodStory): string[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [
    ...initContainerStatuses.flatMap((status) =>
      containerLine(status, "init container", pod, events),
    ),
    ...containerStatuses.flatMap((status) => containerLine(status, "container", pod, events)),
  ];
}

function containerLine(
  status: ContainerStatus,
  what: string,
  pod: Pod,
  events: readonly Event[],
): readonly string[] {
  const { state = {}, ready, name } = status;
  const who = `${what} ${name}`;
  if (state.waiting) return waitingLines(status, who, pod);
  if (state.terminated) {
    return state.terminated.exitCode === 0
      ? []
      : [`${who} ended: ${exitSentence(state.terminated)}`];
  }
  if (!state.running) return [];
  if (!ready && what === "container")
    return [`${who} runs and is not ready: ${unreadiness(status, events)}`];
  const last = status.lastState?.terminated;
  if (status.restartCount === 0 || !last) return [];
  return [
    `${who} was started again ${times(status.restartCount)}, the last time after: ${exitSentence(last)}`,
  ];
}

/** What the reasons of waiting containers mean, and who can do something about it. */
const waitingReasons: Readonly<Record<string, string>> = {
  ContainerCreating: "is about to be started",
  PodInitializing: "waits for the init containers",
  ErrImagePull: "has no image",
  ImagePullBackOff: "has no image; the pull is tried again after a while",
  ErrImageNeverPull: "has no image, and its pull policy forbids pulling it",
  InvalidImageName: "names an image that cannot exist",
  CrashLoopBackOff: "keeps ending; it is started again after a while",
  CreateContainerConfigError: "refers to something that is not there or not right",
  CreateContainerError: "could not be created",
  RunContainerError: "could not be started",
};

function waitingLines(status: ContainerStatus, who: string, pod: Pod): string[] {
  const { reason = "", message } = status.state?.waiting ?? {};
  const last = status.lastState?.terminated;
  const meaning = waitingReasons[reason] ?? `waits: ${reason}`;
  const isCrash = reason === "CrashLoopBackOff";
  const because = isCrash && last ? exitSentence(last) : message;
  const line = `${who} ${meaning}${because ? `: ${because}` : ""}`;
  if (!isCrash) return [line];
  const { name, namespace = "default" } = pod.metadata;
  const at = namespace === "default" ? "" : ` -n ${namespace}`;
  return [
    line,
    `it was started again ${times(status.restartCount)}; its last words: kaji logs -p -c ${status.name}${at} ${name}`,
  ];
}

function exitSentence({
  reason,
  exitCode,
  signal,
  message,
  finishedAt,
}: ContainerStateTerminated): string {
  const at = finishedAt ? ` at ${finishedAt}` : "";
  const said = message ? `, saying "${message.trim()}"` : "";
  if (reason === "OOMKilled") {
    return `it needed more memory than its limit and was killed${at}${said}`;
  }
  const how = signal ? `it was killed by signal ${signal}` : `it exited with ${exitCode}`;
  return `${how}${at}${reason && reason !== "Error" ? ` (${reason})` : ""}${said}`;
}

function unreadiness({ name, started }: ContainerStatus, events: readonly Event[]): string {
  const path = `{${name}}`;
  const failed = newest(
    events.filter(
      ({ reason, involvedObject }) =>
        reason === "Unhealthy" && (involvedObject.fieldPath ?? path).endsWith(path),
    ),
  );
  if (failed?.message) return failed.message;
  return started === false
    ? "its startup probe has not succeeded yet"
    : "its readiness probe has not succeeded yet";
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
