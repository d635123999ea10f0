import protobuf from "protobufjs";
import { schemaNameOf } from "#api/schema/kind-schemas";
import { errors } from "#api/machinery/status-error";
import { type FieldShape, fieldTable } from "#control-plane/apiserver/protobuf/fields";

/**
 * Kubernetes' protobuf bodies as JSON data. Go clients from 1.32 on send them for built-in types whatever the
 * server prefers; responses are always JSON, which they accept. Source: Kubernetes' page "API Concepts",
 * "Kubernetes Protobuf encoding": four bytes "k8s\0", then runtime.Unknown around the object.
 */
export const PROTOBUF_MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
/** Nothing in the API is nested deeper; a hostile body is. */
const DEPTH_LIMIT = 64;

type Json = Record<string, unknown>;

export function decodeProtobuf(body: Uint8Array): unknown {
  if (!MAGIC.equals(body.subarray(0, MAGIC.length))) {
    throw errors.badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  try {
    return decodeUnknown(body.subarray(MAGIC.length));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw errors.badRequest(`the protobuf body ends in the middle of a field: ${error.message}`);
  }
}

function decodeUnknown(bytes: Uint8Array): unknown {
  let typeMeta: Json = {};
  let raw: Uint8Array = new Uint8Array();
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) typeMeta = readTypeMeta(reader.bytes());
    else if (tag >>> 3 === 2) raw = reader.bytes();
    else reader.skipType(tag & 7);
  }
  const { apiVersion = "", kind = "" } = typeMeta as { apiVersion?: string; kind?: string };
  const schema = kind === "DeleteOptions" ? DELETE_OPTIONS : schemaNameOf(apiVersion, kind);
  if (!schema || !fieldTable[schema]) {
    throw errors.badRequest(
      `no kind "${kind}" is registered for version "${apiVersion}" in protobuf`,
    );
  }
  return { apiVersion, kind, ...decodeMessage(schema, raw, 0) };
}

function readTypeMeta(bytes: Uint8Array): Json {
  const reader = protobuf.Reader.create(bytes);
  const found: Json = {};
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) found.apiVersion = reader.string();
    else if (tag >>> 3 === 2) found.kind = reader.string();
    else reader.skipType(tag & 7);
  }
  return found;
}

function decodeMessage(type: string, bytes: Uint8Array, depth: number): Json {
  if (depth > DEPTH_LIMIT) throw errors.badRequest("the protobuf body is nested too deeply");
  const fields = fieldTable[type];
  if (!fields) throw errors.badRequest(`the type ${type} is not known in protobuf`);
  const reader = protobuf.Reader.create(bytes);
  const result: Json = {};
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    if (field) readField(field, reader, tag & 7, result, depth);
    else reader.skipType(tag & 7);
  }
  return result;
}

function readField(
  [name, type, shape]: FieldShape,
  reader: protobuf.Reader,
  wireType: number,
  result: Json,
  depth: number,
): void {
  if (shape === "map") {
    const [key, value] = readEntry(type, reader.bytes(), depth);
    const map = (result[name] ??= {}) as Json;
    map[key] = value;
    return;
  }
  const value = readValue(type, reader, wireType, depth);
  if (shape === "inline") Object.assign(result, value);
  else if (shape === "list") ((result[name] ??= []) as unknown[]).push(value);
  else if (!isOmitted(name, value)) result[name] = value;
}

function readEntry(type: string, bytes: Uint8Array, depth: number): [string, unknown] {
  const reader = protobuf.Reader.create(bytes);
  let key = "";
  let value: unknown;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else if (tag >>> 3 === 2) value = readValue(type, reader, tag & 7, depth);
    else reader.skipType(tag & 7);
  }
  return [key, value ?? (type === "string" || type === "bytes" ? "" : {})];
}

function readValue(
  type: string,
  reader: protobuf.Reader,
  wireType: number,
  depth: number,
): unknown {
  switch (type) {
    case "string":
      return reader.string();
    case "int":
      return Number(reader.int64());
    case "bool":
      return reader.bool();
    case "double":
      return reader.double();
    case "bytes":
      return Buffer.from(reader.bytes()).toString("base64");
    default: {
      if (wireType !== 2) throw errors.badRequest(`a ${type} in protobuf must be a message`);
      const special = SPECIAL[type.slice(type.lastIndexOf(".") + 1)];
      const bytes = reader.bytes();
      const isSpecial = special && type.startsWith("io.k8s.apimachinery.");
      return isSpecial || isExtraValue(type)
        ? (special ?? SPECIAL.ExtraValue)?.(bytes)
        : decodeMessage(type, bytes, depth + 1);
    }
  }
}

function isExtraValue(type: string): boolean {
  return type.endsWith(".ExtraValue");
}

/** Types of apimachinery whose JSON is not an object of their fields. undefined: absent. */
const SPECIAL: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  Time: (bytes) => timeOf(bytes, 0),
  MicroTime: (bytes) => timeOf(bytes, 6),
  Quantity: (bytes) => scalars(bytes)[1] ?? "0",
  IntOrString(bytes) {
    const { 1: type, 2: number, 3: text } = scalars(bytes);
    return type === 1 ? text : (number ?? 0);
  },
  Duration: (bytes) => `${Number(scalars(bytes)[1] ?? 0) / 1e9}s`,
  FieldsV1: (bytes) => JSON.parse(String(scalars(bytes)[1] ?? "{}")),
  RawExtension: (bytes) => JSON.parse(String(scalars(bytes)[1] ?? "null")),
  ExtraValue: (bytes) => stringItems(bytes),
};

/** Fields that are numbers or texts, by number. */
function scalars(bytes: Uint8Array): Record<number, string | number> {
  const reader = protobuf.Reader.create(bytes);
  const found: Record<number, string | number> = {};
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 0) found[tag >>> 3] = Number(reader.int64());
    else if ((tag & 7) === 2) found[tag >>> 3] = reader.string();
    else reader.skipType(tag & 7);
  }
  return found;
}

function stringItems(bytes: Uint8Array): string[] {
  const reader = protobuf.Reader.create(bytes);
  const items: string[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) items.push(reader.string());
    else reader.skipType(tag & 7);
  }
  return items;
}

function timeOf(bytes: Uint8Array, fractionDigits: number): string | undefined {
  const { 1: seconds, 2: nanos } = scalars(bytes);
  // Go writes its zero time, the year 1, or nothing at all.
  if (seconds === undefined || Number(seconds) < -62_000_000_000) return undefined;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  if (fractionDigits === 0) return `${whole}Z`;
  const fraction = String(Math.floor(Number(nanos ?? 0) / 1000)).padStart(fractionDigits, "0");
  return `${whole}.${fraction}Z`;
}

/**
 * Go writes the zero of a plain field and leaves out a nil pointer; its JSON leaves out both. A zero is kept
 * where the field is a pointer, so that `replicas: 0` stays what it says.
 */
function isOmitted(name: string, value: unknown): boolean {
  if (value === undefined || value === "") return true;
  return (value === 0 || value === false) && !POINTERS.has(name);
}

const POINTERS: ReadonlySet<string> = new Set([
  "activeDeadlineSeconds",
  "allocateLoadBalancerNodePorts",
  "allowPrivilegeEscalation",
  "automountServiceAccountToken",
  "averageUtilization",
  "backoffLimit",
  "blockOwnerDeletion",
  "completions",
  "controller",
  "defaultMode",
  "deletionGracePeriodSeconds",
  "enableServiceLinks",
  "expirationSeconds",
  "failedJobsHistoryLimit",
  "fsGroup",
  "gracePeriodSeconds",
  "hostUsers",
  "immutable",
  "leaseDurationSeconds",
  "leaseTransitions",
  "minReplicas",
  "mode",
  "optional",
  "orphanDependents",
  "parallelism",
  "partition",
  "priority",
  "privileged",
  "progressDeadlineSeconds",
  "readOnlyRootFilesystem",
  "ready",
  "replicas",
  "revisionHistoryLimit",
  "runAsGroup",
  "runAsNonRoot",
  "runAsUser",
  "serving",
  "setHostnameAsFQDN",
  "shareProcessNamespace",
  "started",
  "startingDeadlineSeconds",
  "successfulJobsHistoryLimit",
  "suspend",
  "terminating",
  "terminationGracePeriodSeconds",
  "tolerationSeconds",
  "ttlSecondsAfterFinished",
]);
