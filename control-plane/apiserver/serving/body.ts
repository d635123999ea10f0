import { parse as parseYaml } from "yaml";
import { errors, StatusError } from "#api/machinery/status-error";
import { cloneJson } from "#control-plane/apiserver/storage/codec";
import { decodeProtobuf, PROTOBUF_MEDIA_TYPE } from "#control-plane/apiserver/protobuf/decode";
import { duplicateFields } from "#control-plane/apiserver/serving/duplicate-fields";
import { checkParsed, checkYamlText } from "#control-plane/apiserver/serving/nesting";
import type { ApiRequest } from "#client/transport";

/** The largest request body; etcd's request limit leads Kubernetes to the same. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

export interface DecodedBody {
  /** JSON data that the receiver owns and may change. */
  readonly value: unknown;
  /** Paths that appear more than once in a JSON text. */
  readonly duplicates: readonly string[];
}

/** The body as data: bytes are parsed as JSON or YAML, parsed data is copied. undefined without a body. */
export function decodeBody(request: ApiRequest): DecodedBody | undefined {
  const { body } = request;
  if (body === undefined || body === null) return undefined;
  if (!(body instanceof Uint8Array)) return { value: cloneJson(body), duplicates: [] };
  if (body.byteLength === 0) return undefined;
  if (body.byteLength > BODY_LIMIT_BYTES) throw bodyTooLarge();
  const decoded = decodeBytes(body, mediaTypeOf(request));
  checkParsed(decoded.value);
  return decoded;
}

function decodeBytes(body: Uint8Array, mediaType: string): DecodedBody {
  if (mediaType === PROTOBUF_MEDIA_TYPE) return { value: decodeProtobuf(body), duplicates: [] };
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  if (mediaType.endsWith("json") || mediaType === "") return fromJson(text);
  if (mediaType === "application/yaml" || mediaType.startsWith("application/apply-patch")) {
    return { value: jsonOf(text) ?? fromYaml(text), duplicates: [] };
  }
  throw errors.unsupportedMediaType(`application/json, application/yaml, ${PROTOBUF_MEDIA_TYPE}`);
}

export function mediaTypeOf(request: ApiRequest): string {
  return (request.contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

export function bodyTooLarge(): Error {
  return errors.tooLarge(`Request entity too large: limit is ${BODY_LIMIT_BYTES}`);
}

function fromJson(text: string): DecodedBody {
  try {
    const value: unknown = JSON.parse(text);
    return { value, duplicates: duplicateFields(text) };
  } catch (error) {
    throw errors.badRequest(`the request body is not valid JSON: ${(error as Error).message}`);
  }
}

/** kubectl sends its server-side apply as JSON, of which YAML is a superset, and JSON.parse is many times faster. */
function jsonOf(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: YAML's parser has the word
  }
}

const YAML_OPTIONS = { version: "1.1", maxAliasCount: 100, prettyErrors: false } as const;

function fromYaml(text: string): unknown {
  try {
    checkYamlText(text);
    const parsed: unknown = parseYaml(text, YAML_OPTIONS);
    // Aliases become copies: the data is a tree, and one that contains itself is refused here.
    return parsed === undefined ? null : JSON.parse(JSON.stringify(parsed));
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw errors.badRequest(
      `error converting YAML to JSON: yaml: ${(error as Error).message.split("\n")[0]}`,
    );
  }
}
