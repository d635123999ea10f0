import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import { pruneUnknown } from "#api/schema/prune";
import {
  decodingErrorText,
  strictDecodingError,
  validateAgainstSchema,
} from "#api/schema/validate-schema";
import type { ApiRequest } from "#client/transport";
import type { WriteOptions } from "#control-plane/apiserver/rest/context";
import { decodeBody } from "#control-plane/apiserver/serving/body";

/** The object that the body must describe. */
export interface Expected {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  /** "" on create: the object names itself. */
  readonly name: string;
}

/** A draft of the object in the body: of the right kind, of the right shape, for the right place. */
export function decodeObject(
  request: ApiRequest,
  expected: Expected,
  options: WriteOptions,
): KubeObject {
  const body = decodeBody(request);
  if (body === undefined) throw errors.badRequest("the request has no body");
  const { kind } = expected;
  const draft = checkShape(kind, body.value, options, body.duplicates);
  checkPlace(expected, draft);
  return draft;
}

/** What a body may be, stored or not: Scale, Binding and the like are no kinds of their own. */
export type BodyType = Pick<Kind, "group" | "version" | "kind" | "schema">;

/** The body of a subresource that is not the object itself; undefined without a body. */
export function decodeSubresource<T>(
  type: BodyType & { /** Of the same shape. */ readonly formerApiVersion?: string },
  request: ApiRequest,
  options: WriteOptions,
): T | undefined {
  const body = decodeBody(request);
  if (body === undefined) return undefined;
  const given = body.value as { apiVersion?: unknown } | null;
  const isFormer = type.formerApiVersion && given?.apiVersion === type.formerApiVersion;
  if (isFormer) delete given.apiVersion;
  return checkShape(type, body.value, options, body.duplicates) as unknown as T;
}

/** Checks fields and types of a value and brings it into stored form. The value becomes the draft. */
export function checkShape(
  kind: BodyType,
  value: unknown,
  options: WriteOptions,
  duplicates: readonly string[] = [],
): KubeObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw errors.badRequest(
      `couldn't get version/kind; json parse error: the body is not an object of kind ${kind.kind}`,
    );
  }
  const draft = value as Partial<KubeObject>;
  checkType(kind, draft);
  const problems = validateAgainstSchema(kind.schema, draft);
  const wrongType = problems.find((problem) => problem.kind === "wrongType");
  if (wrongType) {
    throw errors.badRequest(decodingErrorText(kind.kind, kind.version, wrongType.message));
  }
  const sentence = strictDecodingError(problems, duplicates);
  if (sentence !== undefined && options.fieldValidation === "Strict") {
    throw errors.badRequest(decodingErrorText(kind.kind, kind.version, sentence));
  }
  if (sentence !== undefined && options.fieldValidation === "Warn") {
    const known = new Set(options.warnings);
    for (const text of [
      ...problems.map((problem) => problem.message),
      ...duplicates.map((path) => `duplicate field "${path}"`),
    ]) {
      if (!known.has(text)) options.warnings.push(text);
    }
  }
  draft.metadata ??= { name: "" };
  return pruneUnknown(kind.schema, draft as KubeObject);
}

function checkType(kind: BodyType, draft: Partial<KubeObject>): void {
  const apiVersion = apiVersionOf(kind);
  if (draft.apiVersion && draft.apiVersion !== apiVersion) {
    throw errors.badRequest(
      `the API version in the data (${draft.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (draft.kind && draft.kind !== kind.kind) {
    throw errors.badRequest(
      `the kind in the data (${draft.kind}) does not match the expected kind (${kind.kind})`,
    );
  }
  draft.apiVersion = apiVersion;
  draft.kind = kind.kind;
}

export function checkPlace({ kind, namespace, name }: Expected, draft: KubeObject): void {
  const { metadata } = draft;
  if (kind.isNamespaced && namespace && !metadata.namespace) metadata.namespace = namespace;
  if ((metadata.namespace ?? "") !== (kind.isNamespaced ? (namespace ?? "") : "")) {
    throw errors.badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (name === "") return;
  if (!metadata.name) metadata.name = name;
  if (metadata.name !== name) {
    throw errors.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
}
