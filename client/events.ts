import type { KubeObject } from "#api/machinery/meta";
import type { Event } from "#api/schema/types";
import { toTime } from "#kit/clock";
import { type Rng, randomSuffix } from "#kit/rng";

/** An object's name may be as long as a name can be: an event's is cut to leave room, and still ends well. */
const MAX_NAME = 253;

function eventName(about: string, suffix: string): string {
  return `${about.slice(0, MAX_NAME - suffix.length - 1).replace(/[-.]+$/, "")}.${suffix}`;
}

/** A new core/v1 Event about an object, as `kubectl describe` shows it. */
export function newEvent(options: {
  about: KubeObject;
  type: "Normal" | "Warning";
  reason: string;
  message: string;
  component: string;
  nowMs: number;
  rng: Rng;
  /** Further names what part of the object: "spec.containers{web}". */
  fieldPath?: string;
}): Event {
  const { about, nowMs } = options;
  const time = toTime(nowMs);
  const namespace = about.metadata.namespace ?? "default";
  const suffix = Math.floor(nowMs).toString(16) + randomSuffix(options.rng, 6);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: eventName(about.metadata.name, suffix), namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name: about.metadata.name,
      namespace: about.metadata.namespace,
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
      ...(options.fieldPath ? { fieldPath: options.fieldPath } : {}),
    },
    type: options.type,
    reason: options.reason,
    message: options.message.slice(0, 1024),
    source: { component: options.component },
    reportingComponent: options.component,
    reportingInstance: "",
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
