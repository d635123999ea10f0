import { type Advice, advise, advisedResources, type Bounds } from "#api/advice/recommend";
import { podKind } from "#api/kinds/pod";
import type { Kind } from "#api/machinery/define-kind";
import type { Container, Pod } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { settingsOf, STATUS } from "#control-plane/controllers/vertical-advice/settings";
import {
  dueInMs,
  observedOf,
  remembering,
  type VerticalInput,
  type VerticalMemory,
} from "#control-plane/controllers/vertical-advice/state";

/** So many figures of a container are needed before anything is changed. */
export const LEAST_SAMPLES = 20;

/** Resizes the pods of a workload to what they were seen to use, within its bounds, and says where there is no room. */
export function planVertical(
  kind: Kind,
  input: VerticalInput,
  nowMs: number,
  memory: VerticalMemory | undefined,
): Action[] {
  const { workload, pods, figures } = input;
  const settings = settingsOf(workload);
  if (settings.type === "mistake") return say(kind, input, settings.sentence);
  const dueMs = dueInMs(workload, memory, nowMs);
  if (!figures) return [{ type: "requeue", afterMs: Math.max(1_000, dueMs) }];
  const next = remembering(input, memory, nowMs);
  const resizes = pods.flatMap((pod) => resize(pod, next, settings.bounds, input));
  return [
    ...resizes,
    { type: "remember", memory: next },
    ...say(kind, input, noRoom(pods)),
    { type: "requeue", afterMs: next.dueMs - nowMs },
  ];
}

function resize(
  pod: Pod,
  { observed }: VerticalMemory,
  bounds: Bounds,
  { workload }: VerticalInput,
): Action[] {
  const containers = pod.spec.containers.flatMap((container) => {
    const seen = observedOf(observed, container.name);
    const advice = seen && advise(seen);
    const resources = advice && changeOf(container, advice, bounds);
    return resources ? [{ name: container.name, resources }] : [];
  });
  if (containers.length === 0) return [];
  const spoken = containers.map(({ name, resources }) => `${name}: ${textOf(resources.requests)}`);
  const message = `Resizing pod ${pod.metadata.name} in place: ${spoken.join("; ")}`;
  const about = workload;
  return [
    {
      ...{ type: "patch", kind: podKind as unknown as Kind, target: targetOf(pod) },
      ...{ patchType: "strategic", subresource: "resize", body: { spec: { containers } } },
      event: {
        ...{ about, type: "Normal", reason: "VerticalScaling", message },
        failure: { reason: "VerticalScalingFailed", message: `${message}; error: %ERROR%` },
      },
    },
  ];
}

/** Only what is requested already: a pod's quality of service does not change while it runs. */
function changeOf(
  { resources = {} }: Container,
  advice: Advice,
  bounds: Bounds,
): ReturnType<typeof advisedResources> {
  if (advice.samples < LEAST_SAMPLES) return undefined;
  const change = advisedResources(resources, advice, bounds);
  const known = (amounts: Record<string, string> | undefined): Record<string, string> =>
    Object.fromEntries(
      Object.entries(amounts ?? {}).filter(([name]) => resources.requests?.[name] !== undefined),
    );
  const requests = known(change?.requests);
  const limits = known(change?.limits);
  if (Object.keys(requests).length === 0) return undefined;
  return { requests, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

function textOf(requests: Readonly<Record<string, string>>): string {
  return Object.entries(requests)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(", ");
}

/** "" when all pods have what they should. */
function noRoom(pods: readonly Pod[]): string {
  const waiting = pods.flatMap(({ metadata, status }) => {
    const pending = status?.conditions?.find(({ type }) => type === "PodResizePending");
    return pending ? [{ name: metadata.name, ...pending }] : [];
  });
  const [first] = waiting;
  if (!first) return "";
  const others = waiting.length > 1 ? `, and ${waiting.length - 1} more` : "";
  return `no room: pod ${first.name}${others}: ${first.reason}: ${first.message ?? ""}`;
}

/** On the object, and as an event when it is news. */
function say(kind: Kind, { workload }: VerticalInput, sentence: string): Action[] {
  const told = workload.metadata.annotations?.[STATUS] ?? "";
  if (told === sentence) return [];
  const body = { metadata: { annotations: { [STATUS]: sentence || null } } };
  const write: Action = { type: "patch", kind, target: targetOf(workload), body };
  if (sentence === "") return [write];
  const event = { about: workload, type: "Warning", reason: "VerticalScalingBlocked" } as const;
  return [write, { type: "event", event: { ...event, message: sentence } }];
}
