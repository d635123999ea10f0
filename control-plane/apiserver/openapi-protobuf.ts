import protobuf from "protobufjs/minimal.js";
import type { SchemaDefinition } from "#api/schema/definition-types";
import type { OpenApiV2 } from "#api/schema/openapi";
import type { Operation, PathItem, QueryParameter } from "#api/schema/openapi-paths";

/**
 * The v2 document as gnostic's openapi.v2.Document, which kubectl asks of /openapi/v2. Field numbers are
 * those of google/gnostic openapiv2/OpenAPIv2.proto; only what our documents use is written.
 */
/** The Content-Type of the answer. */
export const openApiV2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/** What kubectl asks for. It stands here apart: with the "@" the answer's type would not parse. */
export const openApiV2ProtobufAccept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

type Writer = protobuf.Writer;

export function encodeOpenApiV2(document: OpenApiV2): Uint8Array {
  const writer = protobuf.Writer.create();
  text(writer, 1, document.swagger);
  message(writer, 2, () => {
    text(writer, 1, document.info.title);
    text(writer, 2, document.info.version);
  });
  message(writer, 8, () => {
    for (const [path, item] of Object.entries(document.paths)) {
      named(writer, 2, path, () => writePathItem(writer, item));
    }
  });
  message(writer, 9, () => writeSchemas(writer, document.definitions));
  return writer.finish();
}

const methodFields = { get: 2, put: 3, post: 4, delete: 5, patch: 8 } as const;

function writePathItem(writer: Writer, item: PathItem): void {
  for (const method of ["get", "put", "post", "delete", "patch"] as const) {
    const operation = item[method];
    if (!operation) continue;
    message(writer, methodFields[method], () => writeOperation(writer, operation));
  }
}

function writeOperation(writer: Writer, operation: Operation): void {
  text(writer, 3, operation.description);
  text(writer, 5, operation.operationId);
  for (const parameter of operation.parameters) {
    message(writer, 8, () => writeParameter(writer, parameter));
  }
  message(writer, 9, () => {
    for (const [code, { description }] of Object.entries(operation.responses)) {
      named(writer, 1, code, () => message(writer, 1, () => text(writer, 1, description)));
    }
  });
  writeExtensions(writer, 13, operation);
}

/** ParametersItem.parameter.non_body_parameter.query_parameter_sub_schema. */
function writeParameter(writer: Writer, parameter: QueryParameter): void {
  const body = () => {
    text(writer, 2, parameter.in);
    text(writer, 3, parameter.description);
    text(writer, 4, parameter.name);
    text(writer, 6, parameter.type);
  };
  message(writer, 1, () => message(writer, 2, () => message(writer, 3, body)));
}

function writeSchemas(writer: Writer, schemas: Readonly<Record<string, SchemaDefinition>>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    named(writer, 1, name, () => writeSchema(writer, schema));
  }
}

function writeSchema(writer: Writer, schema: SchemaDefinition): void {
  const { $ref, format, description, required, additionalProperties, type, items, properties } =
    schema;
  if ($ref) text(writer, 1, $ref);
  if (format) text(writer, 2, format);
  if (description) text(writer, 4, description);
  for (const name of required ?? []) text(writer, 19, name);
  if (additionalProperties) {
    message(writer, 21, () => message(writer, 1, () => writeSchema(writer, additionalProperties)));
  }
  if (type) message(writer, 22, () => text(writer, 1, type));
  if (items) message(writer, 23, () => message(writer, 1, () => writeSchema(writer, items)));
  if (properties) message(writer, 25, () => writeSchemas(writer, properties));
  writeExtensions(writer, 31, schema);
}

/** Every x-... key as NamedAny; the value is YAML, which JSON is. */
function writeExtensions(writer: Writer, field: number, owner: object): void {
  for (const [name, value] of Object.entries(owner)) {
    if (!name.startsWith("x-")) continue;
    named(writer, field, name, () => text(writer, 2, `${JSON.stringify(value)}\n`));
  }
}

/** gnostic's maps: repeated messages of name = 1 and value = 2. */
function named(writer: Writer, field: number, name: string, writeValue: () => void): void {
  message(writer, field, () => {
    text(writer, 1, name);
    message(writer, 2, writeValue);
  });
}

function message(writer: Writer, field: number, writeBody: () => void): void {
  writer.uint32((field << 3) | 2).fork();
  writeBody();
  writer.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32((field << 3) | 2).string(value);
}
