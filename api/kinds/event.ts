import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { invalid } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { ageOf } from "#api/machinery/table";
import type { Event } from "#api/schema/types";

const EVENT_TTL_SECONDS = 3600;

/** kubectl shows an event's name last: what happened is more telling than the name. */
const columns: readonly TableColumn<Event>[] = [
  {
    name: "Last Seen",
    type: "string",
    priority: 0,
    description: "When it happened last.",
    value: lastSeen,
  },
  {
    name: "Type",
    type: "string",
    priority: 0,
    description: "Normal or Warning.",
    value: (event) => event.type ?? "",
  },
  {
    name: "Reason",
    type: "string",
    priority: 0,
    description: "What happened, in one word.",
    value: (event) => event.reason ?? "",
  },
  {
    name: "Object",
    type: "string",
    priority: 0,
    description: "What it happened to.",
    value: ({ involvedObject: { kind = "", name } }) =>
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
  },
  {
    name: "Subobject",
    type: "string",
    priority: 1,
    description: "The part of the object that it happened to.",
    value: (event) => event.involvedObject.fieldPath ?? "",
  },
  {
    name: "Source",
    type: "string",
    priority: 1,
    description: "Who reports it.",
    value: sourceOf,
  },
  {
    name: "Message",
    type: "string",
    priority: 0,
    description: "What happened, in a sentence.",
    value: (event) => (event.message ?? "").trim(),
  },
  {
    name: "First Seen",
    type: "string",
    priority: 1,
    description: "When it happened first.",
    value: firstSeen,
  },
  {
    name: "Count",
    type: "string",
    priority: 1,
    description: "How often it happened.",
    value: (event) => String(event.series?.count ?? (event.count || 1)),
  },
  {
    name: "Name",
    type: "string",
    priority: 1,
    description: "The event's own name.",
    format: "name",
    value: (event) => event.metadata.name,
  },
];

export const eventKind = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.Event",
  ttlSeconds: EVENT_TTL_SECONDS,
  columns,
  selectableFields: {
    "involvedObject.kind": (event) => event.involvedObject.kind ?? "",
    "involvedObject.namespace": (event) => event.involvedObject.namespace ?? "",
    "involvedObject.name": (event) => event.involvedObject.name ?? "",
    "involvedObject.uid": (event) => event.involvedObject.uid ?? "",
    "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingComponent: (event) => event.reportingComponent ?? "",
    source: (event) => event.source?.component || (event.reportingComponent ?? ""),
    type: (event) => event.type ?? "",
  },
  setDefaults: (draft) => {
    draft.involvedObject ??= {};
  },
  validate: validateEvent,
});

/** An event lives beside what it is about; one about a cluster-scoped object lives in "default". */
function validateEvent({ metadata, involvedObject }: Event): FieldError[] {
  const field = "involvedObject.namespace";
  const namespace = involvedObject.namespace ?? "";
  const home = metadata.namespace ?? "";
  if (namespace === "") {
    const isAllowed = home === "default" || home === "kube-system" || home === "";
    return isAllowed ? [] : [invalid(field, namespace, "does not match event.namespace")];
  }
  return namespace === home ? [] : [invalid(field, namespace, "does not match event.namespace")];
}

function firstSeen(event: Event, nowMs: number): string {
  return ageOf(event.firstTimestamp ?? event.eventTime, nowMs);
}

function lastSeen(event: Event, nowMs: number): string {
  if (event.series) return ageOf(event.series.lastObservedTime, nowMs);
  return event.lastTimestamp ? ageOf(event.lastTimestamp, nowMs) : firstSeen(event, nowMs);
}

function sourceOf({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || "";
  const host = source?.host || reportingInstance || "";
  return host ? `${component}, ${host}` : component;
}
