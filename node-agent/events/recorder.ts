import type { Event, Pod } from "#api/schema/types";
import { type Clock, toTime } from "#kit/clock";
import { TokenBuckets } from "#kit/token-buckets";
import { namespaceOf, uidOf } from "#node-agent/objects";

/**
 * Says on pods what happens to them. The control plane counts repetitions; here only the rate per pod is bounded:
 * a burst, then one every refill interval, the rest dropped (a container in a crash loop says nothing new).
 */
export interface EventRecorder {
  pod(pod: Pod, event: PodEvent): void;
  /** About the node itself. */
  node(event: Omit<PodEvent, "container">): void;
}

export interface PodEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** Of which container; "" or absent: of the pod. */
  readonly container?: string;
}

const allowance = { burst: 25, refillMs: 30_000 };
/** How many pods' budgets are remembered; those of whom nothing was said for longest are forgotten first. */
const maxBudgets = 1_000;
const maxMessageLength = 1_024;

export function createEventRecorder(options: {
  readonly clock: Clock;
  readonly nodeName: string;
  send(event: Event): void;
}): EventRecorder {
  const budgets = new TokenBuckets(maxBudgets);
  const mayRecord = (uid: string): boolean =>
    budgets.take(uid, allowance, options.clock.now()) === 0;
  return {
    pod(pod, event) {
      if (!mayRecord(uidOf(pod))) return;
      options.send(toEvent(pod, event, options.nodeName, toTime(options.clock.now())));
    },
    node(event) {
      if (!mayRecord(options.nodeName)) return;
      const involvedObject = { kind: "Node", name: options.nodeName, uid: options.nodeName };
      const at = toTime(options.clock.now());
      options.send(newEvent({ involvedObject, namespace: "default" }, event, options.nodeName, at));
    },
  };
}

function toEvent(pod: Pod, event: PodEvent, nodeName: string, at: string): Event {
  const namespace = namespaceOf(pod);
  const { resourceVersion, uid } = pod.metadata;
  const hasIt = (list: readonly { readonly name: string }[] | undefined): boolean =>
    (list ?? []).some(({ name }) => name === event.container);
  const list =
    (["initContainers", "ephemeralContainers"] as const).find((each) => hasIt(pod.spec[each])) ??
    "containers";
  const involvedObject = {
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    name: pod.metadata.name,
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(event.container ? { fieldPath: `spec.${list}{${event.container}}` } : {}),
  };
  return newEvent({ involvedObject, namespace }, event, nodeName, at);
}

function newEvent(
  about: { readonly involvedObject: Event["involvedObject"]; readonly namespace: string },
  event: PodEvent,
  nodeName: string,
  at: string,
): Event {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "", namespace: about.namespace },
    involvedObject: about.involvedObject,
    type: event.type,
    reason: event.reason,
    message: event.message.slice(0, maxMessageLength),
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: "kubelet", host: nodeName },
    reportingComponent: "kubelet",
    reportingInstance: nodeName,
  };
}
