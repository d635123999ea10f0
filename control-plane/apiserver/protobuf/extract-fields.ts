import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import protobuf from "protobufjs";
import { definitions } from "#api/schema/definitions";
import type { FieldTable, MessageFields } from "#control-plane/apiserver/protobuf/fields";

/**
 * Writes fields.json: the protobuf field numbers of Kubernetes' types, for the definitions that we serve.
 * Every Go program that speaks the API carries them as gzipped FileDescriptorProtos; kubectl does.
 * Run by hand: tsx --conditions=source control-plane/apiserver/protobuf/extract-fields.ts PATH-OF-KUBECTL
 */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]);
const LONGEST_FILE = 200_000;

interface RawField {
  name: string;
  number: number;
  isRepeated: boolean;
  type: number;
  typeName: string;
}

interface RawMessage {
  fields: RawField[];
  isMapEntry: boolean;
}

function main(kubectl: string): void {
  const messages = new Map<string, RawMessage>();
  for (const file of descriptorFiles(readFileSync(kubectl))) readFile(file, messages);
  const table: FieldTable = {};
  for (const name of Object.keys(definitions).sort()) {
    const message = messages.get(protoName(name));
    if (message) table[name] = fieldsOf(name, message, messages);
  }
  for (const name of inlineTypes(table)) {
    const message = messages.get(protoName(name));
    if (message && !table[name]) table[name] = fieldsOf(name, message, messages);
  }
  const rows = Object.entries(table).map(([name, fields]) => `"${name}":${JSON.stringify(fields)}`);
  writeFileSync(new URL("fields.json", import.meta.url), `{\n${rows.join(",\n")}\n}\n`);
}

function* descriptorFiles(binary: Buffer): Generator<Uint8Array> {
  for (let at = binary.indexOf(GZIP_MAGIC); at >= 0; at = binary.indexOf(GZIP_MAGIC, at + 1)) {
    const file = gunzipAt(binary.subarray(at, at + LONGEST_FILE));
    if (file?.subarray(0, 200).includes("generated.proto")) yield file;
  }
}

function gunzipAt(bytes: Buffer): Buffer | undefined {
  try {
    // The end is not known: what follows the stream is ignored as trailing bytes.
    return gunzipSync(bytes, { maxOutputLength: 4_000_000 });
  } catch {
    return undefined; // the same eight bytes by chance
  }
}

function readFile(bytes: Uint8Array, messages: Map<string, RawMessage>): void {
  let packageName = "";
  const found: Uint8Array[] = [];
  eachField(bytes, (number, reader) => {
    if (number === 2) packageName = reader.string();
    else if (number === 4) found.push(reader.bytes());
    else return false;
    return true;
  });
  for (const message of found) readMessage(message, packageName, messages);
}

function readMessage(bytes: Uint8Array, scope: string, messages: Map<string, RawMessage>): void {
  let name = "";
  const message: RawMessage = { fields: [], isMapEntry: false };
  const nested: Uint8Array[] = [];
  eachField(bytes, (number, reader) => {
    if (number === 1) name = reader.string();
    else if (number === 2) message.fields.push(readField(reader.bytes()));
    else if (number === 3) nested.push(reader.bytes());
    else if (number === 7) message.isMapEntry = hasMapEntry(reader.bytes());
    else return false;
    return true;
  });
  messages.set(`${scope}.${name}`, message);
  for (const one of nested) readMessage(one, `${scope}.${name}`, messages);
}

function readField(bytes: Uint8Array): RawField {
  const field: RawField = { name: "", number: 0, isRepeated: false, type: 0, typeName: "" };
  eachField(bytes, (number, reader) => {
    if (number === 1) field.name = reader.string();
    else if (number === 3) field.number = reader.int32();
    else if (number === 4) field.isRepeated = reader.int32() === 3;
    else if (number === 5) field.type = reader.int32();
    else if (number === 6) field.typeName = reader.string().slice(1);
    else return false;
    return true;
  });
  return field;
}

function hasMapEntry(options: Uint8Array): boolean {
  let isMapEntry = false;
  eachField(options, (number, reader) => {
    if (number !== 7) return false;
    isMapEntry = reader.bool();
    return true;
  });
  return isMapEntry;
}

function eachField(
  bytes: Uint8Array,
  read: (number: number, reader: protobuf.Reader) => boolean,
): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, reader)) reader.skipType(tag & 7);
  }
}

/** descriptor.proto's numbers of scalar types. */
const SCALARS: Readonly<Record<number, string>> = {
  1: "double",
  3: "int",
  5: "int",
  8: "bool",
  9: "string",
  12: "bytes",
};

function fieldsOf(
  name: string,
  message: RawMessage,
  messages: ReadonlyMap<string, RawMessage>,
): MessageFields {
  const known = definitions[name]?.properties;
  const fields: MessageFields = {};
  for (const field of message.fields) {
    const entry = messages.get(field.typeName);
    const isMap = entry?.isMapEntry === true;
    const value = isMap ? entry.fields.find((one) => one.number === 2) : field;
    const type = value ? (SCALARS[value.type] ?? definitionName(value.typeName)) : "string";
    // Some names differ from JSON's in case alone ("uID"); what JSON does not name at all is inlined.
    const jsonName = known && Object.keys(known).find((one) => sameName(one, field.name));
    const isInline = known !== undefined && jsonName === undefined;
    const shape = isInline ? "inline" : isMap ? "map" : field.isRepeated ? "list" : "one";
    fields[field.number] = [jsonName ?? field.name, type, shape];
  }
  return fields;
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** Inlined types have no definition in OpenAPI. */
function inlineTypes(table: FieldTable): string[] {
  const inlined = Object.values(table)
    .flatMap((fields) => Object.values(fields))
    .filter(([, , shape]) => shape === "inline")
    .map(([, type]) => type);
  return [...new Set([...inlined, "io.k8s.api.core.v1.VolumeSource"])];
}

/** "k8s.io.api.core.v1.Pod" and "io.k8s.api.core.v1.Pod" are the same type. */
function definitionName(name: string): string {
  return name.replace(/^k8s\.io\./, "io.k8s.");
}

function protoName(name: string): string {
  return name.replace(/^io\.k8s\./, "k8s.io.");
}

main(process.argv[2] ?? "kubectl");
